#include "deltarule/base/threads.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace deltarule {
namespace {

TEST(ThreadTeam, DoesEveryPartOfEveryJobOnceAtAnyTeamSize) {
  for (const int threads : {1, 2, 3, 7}) {
    ThreadTeam team(threads);
    EXPECT_EQ(team.size(), threads);
    for (const std::size_t parts : {0, 1, 2, 100}) {
      std::vector<std::atomic<int>> done(parts);
      team.run(parts, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ForEachIndex, RunsEveryTaskOnce) {
  std::vector<std::atomic<int>> done(50);
  for_each_index(done.size(), 4, [&](std::size_t i) { ++done[i]; });
  for (const auto& times : done) EXPECT_EQ(times, 1);
}

TEST(ForEachIndex, PassesOnTheFirstExceptionAndStopsHandingOut) {
  std::atomic<int> begun{0};
  const auto task = [&](std::size_t i) {
    ++begun;
    if (i == 3) throw std::runtime_error("third");
  };
  EXPECT_THROW(for_each_index(1000000, 2, task), std::runtime_error);
  EXPECT_LT(begun, 1000000);
}

}  // namespace
}  // namespace deltarule
