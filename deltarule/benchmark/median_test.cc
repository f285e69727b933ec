#include "deltarule/benchmark/median.h"

#include <gtest/gtest.h>

namespace deltarule {
namespace {

TEST(Median, IsTheMiddleAndOfAnEvenNumberTheLowerOfTwo) {
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({4, 1, 3, 2}), 2);
}

TEST(Median, AQuantileIsAValueThatTheShareDoesNotExceed) {
  std::vector<double> values;
  for (int i = 200; i > 0; --i) values.push_back(i);
  EXPECT_EQ(quantile(values, 0.99), 198);
  EXPECT_EQ(quantile(values, 1), 200);
  EXPECT_EQ(quantile(values, 0.001), 1);
}

}  // namespace
}  // namespace deltarule
