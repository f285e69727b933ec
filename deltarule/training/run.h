// A run: one training from one seed, from data to scores.
#pragma once

#include "deltarule/network/model_file.h"
#include "deltarule/training/trainer.h"

namespace deltarule {

/// Of one set of weights. Without a validation part, its score is zero.
struct WeightsScore {
  int epoch = 0;
  Score validation, test;
};

struct Run {
  RunOptions options;
  std::uint64_t seed = 0;
  Split split;
  Normalizer normalizer;
  TrainingResult training;
  WeightsScore best, last;  ///< the test part is looked at here, once, after training
  double seconds = 0;       ///< wall time of everything
};

/// Splits, normalizes, initializes, trains and scores. Throws Error if options do not fit the data.
Run perform_run(const Dataset& data, const RunOptions& options, std::uint64_t seed,
                const Observer& observer, ThreadTeam& team);

/// The best or the last weights, as `options.keep` says, ready to be saved.
Model make_model(const Run& run, const Dataset& data);

}  // namespace deltarule
