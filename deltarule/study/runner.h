// Runs a study: experiments × seeds, spread over threads, one thread a run.
#pragma once

#include <functional>

#include "deltarule/study/study.h"

namespace deltarule {

struct StudyOptions {
  int threads = 1;
  bool quick = false;  ///< the first seed, at most `kQuickEpochs` epochs
  /// Experiment names; empty = all. Throws Error for an unknown one.
  std::vector<std::string> only = {};
};
inline constexpr int kQuickEpochs = 2;

/// Where a study stands. Called from any thread, one call at a time.
struct StudyProgress {
  std::size_t runs_done = 0, runs_total = 0;
  std::string experiment;  ///< the run that moved
  std::uint64_t seed = 0;
  int epochs = 0;  ///< the most this run may take
  EpochRecord epoch;
  double seconds_left = 0;  ///< an estimate; negative while unknown
};

struct StudyObserver {
  std::function<void(const StudyProgress&)> on_epoch;  ///< may be empty
  /// May be empty; e.g. saves what is there. Until the last run the result is marked interrupted.
  std::function<void(const StudyResult&)> on_run_finished;
  /// May be empty. Asked after every batch of every run, from several threads at once.
  std::function<bool()> should_stop;
};

/// `data`, its name and hashes go into the result; the caller fills notice and environment by
/// `begin`. The same bits for any number of threads. Interrupted runs are left out of the result.
StudyResult run_study(const StudyFile& study, const Dataset& data, const StudyOptions& options,
                      StudyResult begin, const StudyObserver& observer);

}  // namespace deltarule
