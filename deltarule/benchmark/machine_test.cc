#include "deltarule/benchmark/machine.h"

#include <gtest/gtest.h>

namespace deltarule {
namespace {

TEST(FloorMeter, GivesTheMedianForEachNumberOfThreads) {
  FloorMeter meter({1, 2});
  meter.measure();
  const Floor floor = meter.floor();
  EXPECT_EQ(floor.gflops.size(), 2u);
  for (const auto& [threads, gflops] : floor.gflops) EXPECT_GT(gflops, 0) << threads;
  EXPECT_GT(floor.l2_gigabytes_per_second, 0);
  EXPECT_GT(floor.l3_gigabytes_per_second, 0);
  EXPECT_GT(floor.dram_gigabytes_per_second, 0);
}

}  // namespace
}  // namespace deltarule
