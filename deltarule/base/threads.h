// Threads that work on one thing together.
//
// `ThreadTeam` splits a job into parts that do not depend on how many threads there are, so results
// do not either. `for_each_index` hands out whole tasks, such as the runs of a study.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace deltarule {

/// The number of threads that this process may run at once; at least 1.
int available_threads();

/// A fixed set of threads, of which the caller is one. One caller at a time.
class ThreadTeam {
 public:
  explicit ThreadTeam(int threads = 1);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls part(i) for each i in [0, parts), spread over the team, and returns when all are done.
  /// `part` must not throw.
  void run(std::size_t parts, const std::function<void(std::size_t)>& part);

 private:
  void stop();
  void work_until_stopped();
  void take_parts();

  std::mutex mutex_;
  std::condition_variable job_ready_, job_done_;
  const std::function<void(std::size_t)>* part_ = nullptr;
  std::size_t parts_ = 0;
  std::atomic<std::size_t> next_part_{0};
  std::size_t job_ = 0;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::jthread> workers_;  // last, so that they are joined while the rest still stands
};

/// Calls task(i) for each i in [0, count) on up to `threads` threads, in order of i as threads
/// become free. The first exception thrown by a task stops the handing out and is thrown again
/// here, when the tasks already begun have ended.
void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace deltarule
