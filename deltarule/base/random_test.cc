#include "deltarule/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace deltarule {
namespace {

TEST(Random, GivesTheSameNumbersForTheSameSeedStreamAndSubstream) {
  Random first(7, Stream::kOrder, 3), second(7, Stream::kOrder, 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next(), second.next());
}

TEST(Random, MatchesThePublishedPhiloxVectorForAZeroCounterAndKey) {
  // Random123's known answers: philox4x32-10, counter 0, key 0.
  Random random(0, static_cast<Stream>(0), 0);
  const std::vector<std::uint32_t> expected = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  for (const std::uint32_t number : expected) EXPECT_EQ(random.next(), number);
}

TEST(Random, StreamsAndSubstreamsDiffer) {
  Random a(7, Stream::kOrder), b(7, Stream::kSplit), c(7, Stream::kOrder, 1), d(8, Stream::kOrder);
  const std::uint32_t first = a.next();
  EXPECT_NE(first, b.next());
  EXPECT_NE(first, c.next());
  EXPECT_NE(first, d.next());
}

TEST(Random, BelowCoversItsRangeEvenly) {
  Random random(1, Stream::kSample);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  // Each count has a standard deviation of 93; five of them is a bound a right generator keeps.
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5 * 93);
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(1, Stream::kSample);
  double sum = 0, squares = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1.0, 5 * std::sqrt(2.0 / kCount));
}

TEST(Random, ShuffleIsAPermutation) {
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  Random random(3, Stream::kOrder);
  shuffle(std::span<int>(items), random);
  EXPECT_FALSE(std::is_sorted(items.begin(), items.end()));
  std::sort(items.begin(), items.end());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(items[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace deltarule
