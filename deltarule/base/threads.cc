#include "deltarule/base/threads.h"

#include <sched.h>

#include <algorithm>
#include <exception>

namespace deltarule {

int available_threads() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadTeam::ThreadTeam(int threads) {
  try {
    for (int i = 1; i < threads; ++i) {
      workers_.emplace_back([this] { work_until_stopped(); });
    }
  } catch (...) {
    // No destructor runs for what was not constructed: those that did start must be told.
    stop();
    throw;
  }
}

ThreadTeam::~ThreadTeam() { stop(); }

void ThreadTeam::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  job_ready_.notify_all();
}

void ThreadTeam::run(std::size_t parts, const std::function<void(std::size_t)>& part) {
  if (workers_.empty() || parts <= 1) {
    for (std::size_t i = 0; i < parts; ++i) part(i);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    part_ = &part;
    parts_ = parts;
    next_part_ = 0;
    busy_ = workers_.size();
    ++job_;
  }
  job_ready_.notify_all();
  take_parts();
  std::unique_lock lock(mutex_);
  job_done_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadTeam::work_until_stopped() {
  std::size_t last_job = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    job_ready_.wait(lock, [&] { return stopping_ || job_ != last_job; });
    if (stopping_) return;
    last_job = job_;
    lock.unlock();
    take_parts();
    lock.lock();
    if (--busy_ == 0) job_done_.notify_one();
  }
}

void ThreadTeam::take_parts() {
  for (std::size_t i = next_part_++; i < parts_; i = next_part_++) (*part_)(i);
}

void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!failed.exchange(true)) failure = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace deltarule
