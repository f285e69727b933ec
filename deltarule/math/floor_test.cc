#include "deltarule/math/floor.h"

#include <gtest/gtest.h>

#include "deltarule/math/testing.h"

namespace deltarule {
namespace {

TEST(Floor, IsAPositiveNumberOnEveryInstructionSet) {
  ThreadTeam team(2);
  Matrix<float> memory({1, 10'000});
  on_every_instruction_set([&] {
    EXPECT_GT(peak_gflops(team, 1), 0);
    EXPECT_GT(peak_gflops(team, 2), 0);
    EXPECT_GT(read_gigabytes_per_second(memory.view()), 0);
  });
}

TEST(Floor, KnowsCachesOfSomeSize) {
  EXPECT_GT(cache_sizes().l2, 0u);
  EXPECT_GT(cache_sizes().l3, 0u);
}

}  // namespace
}  // namespace deltarule
