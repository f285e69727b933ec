#include "deltarule/base/threads.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace deltarule {
namespace {

TEST(ThreadTeam, RunsEachMemberOnceForAnyNumberOfThem) {
  for (const int threads : {1, 2, 3, 7, 16}) {
    ThreadTeam team(threads);
    EXPECT_EQ(team.size(), threads);
    for (int members = 1; members <= threads; ++members) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(threads));
      team.run(members, [&](const Member& member) {
        EXPECT_EQ(member.count, members);
        ++runs[static_cast<std::size_t>(member.index)];
      });
      for (int i = 0; i < threads; ++i) {
        EXPECT_EQ(runs[static_cast<std::size_t>(i)], i < members ? 1 : 0);
      }
    }
  }
}

TEST(ThreadTeam, MembersThatWaitSeeWhatTheOthersWrote) {
  constexpr int kRounds = 2000;
  for (const int threads : {2, 3, 16}) {
    ThreadTeam team(threads);
    std::vector<int> written(static_cast<std::size_t>(threads));
    std::atomic<int> mistakes{0};
    team.run(threads, [&](const Member& member) {
      for (int round = 1; round <= kRounds; ++round) {
        written[static_cast<std::size_t>(member.index)] = round;
        member.wait();
        for (const int value : written) mistakes += value != round;
        member.wait();
      }
    });
    EXPECT_EQ(mistakes, 0);
  }
}

TEST(Member, SharesAreContiguousAndMakeUpTheWhole) {
  for (const int count : {1, 2, 3, 7, 16}) {
    std::size_t end = 0;
    for (int i = 0; i < count; ++i) {
      const Range share = Member{i, count}.share(10);
      EXPECT_EQ(share.first, end);
      end = share.end;
    }
    EXPECT_EQ(end, 10u);
  }
}

TEST(ThreadTeam, AloneLetsExceptionsThrough) {
  ThreadTeam team(2);
  EXPECT_THROW(team.run(1, [](const Member&) { throw std::runtime_error("alone"); }),
               std::runtime_error);
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
