#include "deltarule/base/threads.h"

#include <sched.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <mutex>

namespace deltarule {

int available_threads() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

namespace {

/// A quarter of a millisecond on Zen 4: longer than members are apart in a step, unless one of them
/// is held up.
constexpr int kSpins = 10000;

/// The low bits of a job's word.
constexpr std::uint32_t kMembersMask = 0xffff;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#else
  std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

}  // namespace

void Member::wait() const {
  if (count > 1) team->wait_for_all();
}

ThreadTeam::ThreadTeam(int threads) : spins_(threads > available_threads() ? 0 : kSpins) {
  try {
    for (int i = 1; i < threads; ++i) {
      workers_.emplace_back([this, i] { work_until_stopped(i); });
    }
  } catch (...) {
    // No destructor runs for what was not constructed: those that did start must be told.
    stop();
    throw;
  }
}

ThreadTeam::~ThreadTeam() { stop(); }

void ThreadTeam::stop() {
  stopping_ = true;
  job_ += kMembersMask + 1;
  job_.notify_all();
}

void ThreadTeam::run_function(int members, const std::function<void(const Member&)>& work) {
  assert(members >= 1 && members <= size());
  if (members == 1) return work(Member{});
  work_ = &work;
  members_ = static_cast<std::uint32_t>(members);
  busy_ = members_ - 1;
  job_ = (job_ & ~kMembersMask) + kMembersMask + 1 + members_;
  job_.notify_all();
  work({0, members, this});
  for (std::uint32_t busy = busy_; busy != 0; busy = busy_) {
    wait_until_changed(busy_, busy, spins_);
  }
}

void ThreadTeam::work_until_stopped(int index) {
  bool was_member = true;
  for (std::uint32_t seen = 0;;) {
    wait_until_changed(job_, seen, was_member ? spins_ : 0);
    seen = job_;
    if (stopping_) return;
    const int members = static_cast<int>(seen & kMembersMask);
    was_member = index < members;
    if (!was_member) continue;
    (*work_)({index, members, this});
    if (--busy_ == 0) busy_.notify_one();
  }
}

void ThreadTeam::wait_for_all() {
  const std::uint32_t phase = phase_;
  if (++arrived_ < members_) return wait_until_changed(phase_, phase, spins_);
  arrived_ = 0;
  ++phase_;
  phase_.notify_all();
}

void ThreadTeam::wait_until_changed(const std::atomic<std::uint32_t>& word, std::uint32_t seen,
                                    int spins) {
  for (int i = 0; i < spins; ++i) {
    if (word.load(std::memory_order_acquire) != seen) return;
    pause();
  }
  word.wait(seen, std::memory_order_acquire);
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
