#include "deltarule/statistics/intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "deltarule/base/random.h"

namespace deltarule {
namespace {

// Numbers of mean 0 and deviation 1, so that an interval's half width is its factor alone.
std::vector<double> standard_sample(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<double>(i);
  const Summary raw = summarize(x);
  for (double& value : x) value = (value - raw.mean) / raw.deviation;
  return x;
}

TEST(Intervals, UseThePublishedQuantilesOfStudentsT) {
  // t_{.975} of n − 1 degrees of freedom, as printed in tables of the distribution.
  const std::vector<std::pair<std::size_t, double>> table = {
      {2, 12.70620}, {3, 4.30265}, {5, 2.77645}, {10, 2.26216}, {30, 2.04523}, {121, 1.97993}};
  for (const auto& [n, quantile] : table) {
    const Summary summary = summarize(standard_sample(n));
    EXPECT_NEAR(summary.mean_95.high * std::sqrt(static_cast<double>(n)), quantile, 1e-5) << n;
    EXPECT_NEAR(summary.mean_95.low, -summary.mean_95.high, 1e-12);
    EXPECT_NEAR(summary.next_95.high / std::sqrt(1 + 1 / static_cast<double>(n)), quantile, 1e-5);
  }
}

TEST(Intervals, SummarizeAgreesWithAHandCalculation) {
  const Summary summary = summarize(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(summary.n, 8u);
  EXPECT_DOUBLE_EQ(summary.mean, 5);
  EXPECT_DOUBLE_EQ(summary.deviation, std::sqrt(32.0 / 7));
}

TEST(Intervals, OneNumberAllowsNoIntervalAndNoClaim) {
  const std::vector<double> one = {0.97}, other = {0.5};
  const Summary summary = summarize(one);
  EXPECT_EQ(summary.n, 1u);
  EXPECT_EQ(summary.mean, 0.97);
  EXPECT_EQ(summary.deviation, 0);
  EXPECT_EQ(summary.mean_95.low, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(summary.mean_95.high, std::numeric_limits<double>::infinity());
  EXPECT_TRUE(summary.next_95.contains(-1e300));
  EXPECT_EQ(compare_paired(one, other).p_value, 1);
}

TEST(Intervals, EqualNumbersHaveExactlyNoDeviation) {
  // 0.1 summed three times and divided by three is not 0.1.
  const Summary summary = summarize(std::vector<double>(3, 0.1));
  EXPECT_EQ(summary.mean, 0.1);
  EXPECT_EQ(summary.deviation, 0);
  EXPECT_EQ(summary.mean_95.low, 0.1);
  EXPECT_EQ(summary.next_95.high, 0.1);
}

TEST(Intervals, ReachThePopulationAsOftenAsTheyPromise) {
  Random random(11, Stream::kResampling);
  constexpr int kSamples = 4000;
  int mean_reached = 0, next_reached = 0;
  for (int i = 0; i < kSamples; ++i) {
    std::vector<double> x(5);
    for (double& value : x) value = 3 + 2 * random.normal();
    const Summary summary = summarize(x);
    mean_reached += summary.mean_95.contains(3);
    next_reached += summary.next_95.contains(3 + 2 * random.normal());
  }
  // Four standard errors of a share of .95.
  const double bound = 4 * binomial_standard_error(0.95, kSamples);
  EXPECT_NEAR(mean_reached / double{kSamples}, 0.95, bound);
  EXPECT_NEAR(next_reached / double{kSamples}, 0.95, bound);
}

TEST(Accuracy95, IsWilsonsIntervalWithinZeroAndOne) {
  // By the formula: 9 of 9 allows .7008 to 1; 15 of 20, .5313 to .8881.
  EXPECT_NEAR(accuracy_95(1, 9).low, 0.7008, 0.0001);
  EXPECT_EQ(accuracy_95(1, 9).high, 1);
  EXPECT_EQ(accuracy_95(0, 9).low, 0);
  EXPECT_NEAR(accuracy_95(0.75, 20).low, 0.5313, 0.0001);
  EXPECT_NEAR(accuracy_95(0.75, 20).high, 0.8881, 0.0001);
}

TEST(PairedComparison, AgreesWithStudentsOwnExample) {
  // Student 1908, extra hours of sleep of ten patients under two drugs; t = -4.0621 and
  // p = 0.002833 as in the documentation of R's t.test.
  const std::vector<double> first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::vector<double> second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const PairedComparison comparison = compare_paired(first, second);
  EXPECT_EQ(comparison.difference.n, 10u);
  EXPECT_NEAR(comparison.difference.mean, -1.58, 1e-12);
  EXPECT_NEAR(comparison.difference.mean_95.low, -2.4598858, 1e-7);
  EXPECT_NEAR(comparison.difference.mean_95.high, -0.7001142, 1e-7);
  EXPECT_NEAR(comparison.p_value, 0.002833, 1e-6);
  EXPECT_DOUBLE_EQ(compare_paired(second, first).p_value, comparison.p_value);
}

TEST(PairedComparison, WithoutSpreadIsCertainEitherWay) {
  const std::vector<double> x = {1, 2, 3}, higher = {2, 3, 4};
  EXPECT_EQ(compare_paired(x, x).p_value, 1);
  EXPECT_EQ(compare_paired(x, higher).p_value, 0);
}

TEST(PairedComparison, IsNotANumberWhenARunDiverged) {
  const std::vector<double> x = {1, std::nan(""), 3}, y = {2, 3, 5};
  EXPECT_TRUE(std::isnan(compare_paired(x, y).p_value));
}

TEST(BinomialStandardError, IsWhatTheReportsTestSetMoves) {
  EXPECT_NEAR(binomial_standard_error(0.9788, 10000), 0.00144, 0.000005);
  EXPECT_EQ(binomial_standard_error(1, 100), 0);
}

#ifndef NDEBUG
TEST(IntervalsDeathTest, NothingHasNoSummary) {
  EXPECT_DEATH(summarize({}), "empty");
  const std::vector<double> two = {1, 2}, one = {1};
  EXPECT_DEATH(compare_paired(two, one), "size");
}
#endif

}  // namespace
}  // namespace deltarule
