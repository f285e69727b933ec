// Threads that work on one thing together.
//
// A `ThreadTeam` runs one function on all its threads at once; each knows its place in the team and
// does its share, and they wait for each other where one needs what another made. `for_each_index`
// hands out whole tasks, such as the runs of a study.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace deltarule {

/// The number of threads that this process may run at once; at least 1.
int available_threads();

class ThreadTeam;

struct Range {
  std::size_t first = 0, end = 0;
  std::size_t size() const { return end - first; }
};

/// One thread's place among those that run a function together; by default it is alone.
struct Member {
  int index = 0;
  int count = 1;
  ThreadTeam* team = nullptr;

  /// Returns when all members have called it as often as this one. What they wrote before is then
  /// visible to all.
  void wait() const;

  /// This member's contiguous part of [0, items).
  Range share(std::size_t items) const {
    const auto i = static_cast<std::size_t>(index), n = static_cast<std::size_t>(count);
    return {items * i / n, items * (i + 1) / n};
  }
};

/// A fixed set of threads, of which the caller is one. One caller at a time.
///
/// A member that waits spins for a fraction of a millisecond before it sleeps, because a step of a
/// small network is over in less time than the system takes to wake a thread. Where there are more
/// threads than processors, it sleeps at once. Threads that are no members do not hold up the rest.
class ThreadTeam {
 public:
  explicit ThreadTeam(int threads = 1);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls work(member) on `members` threads at once, of which the caller is member 0, and returns
  /// when all have ended. 1 ≤ members ≤ size(). `work` must not throw unless members is 1.
  /// Allocates nothing.
  template <class Work>
  void run(int members, const Work& work) {
    // A function that only refers to `work` fits into std::function without allocating.
    run_function(members, std::cref(work));
  }

 private:
  friend struct Member;
  void run_function(int members, const std::function<void(const Member&)>& work);
  void wait_for_all();
  static void wait_until_changed(const std::atomic<std::uint32_t>& word, std::uint32_t seen,
                                 int spins);
  void stop();
  void work_until_stopped(int index);

  // Each on a line of its own: what one thread writes must not disturb those that spin on another.
  /// The number of the job and how many members it has, in one word: a thread that wakes late sees
  /// both of the same job.
  alignas(64) std::atomic<std::uint32_t> job_{0};
  alignas(64) std::atomic<std::uint32_t> busy_{0};
  alignas(64) std::atomic<std::uint32_t> phase_{0};
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) const std::function<void(const Member&)>* work_ = nullptr;
  std::uint32_t members_ = 1;
  int spins_ = 0;
  std::atomic<bool> stopping_{false};
  std::vector<std::jthread> workers_;  // last, so that they are joined while the rest still stands
};

/// Calls task(i) for each i in [0, count) on up to `threads` threads, in order of i as threads
/// become free. The first exception thrown by a task stops the handing out and is thrown again
/// here, when the tasks already begun have ended.
void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace deltarule
