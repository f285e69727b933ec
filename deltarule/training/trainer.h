// Training: a pure function of a network, data, options and a seed.
#pragma once

#include <cstdint>
#include <functional>

#include "deltarule/data/split.h"
#include "deltarule/network/network.h"
#include "deltarule/training/history.h"
#include "deltarule/training/options.h"

namespace deltarule {

/// The one callback upward. Called on the thread that called `train`.
struct Observer {
  std::function<void(const EpochRecord&)> on_epoch;  ///< may be empty; between epochs
  /// May be empty; asked before each batch, which is still finished. Must not throw.
  std::function<bool()> should_stop;
};

struct TrainingResult {
  Outcome outcome = Outcome::kFinished;
  int stopped_epoch = 0;  ///< the last epoch that was completed
  int best_epoch = 0;     ///< of the least validation loss; 0 = the initial weights
  Network<float> best, last;
  History history;
};

/// Trains from `initial`. Without a validation part, best = last and patience is not used.
/// The order of batches depends on `seed` alone; the same arguments give the same bits at any size
/// of `team`. As many of its threads take part as are worth having.
TrainingResult train(const Network<float>& initial, const Dataset& data, const Split& split,
                     const Normalizer& normalizer, const RunOptions& options, std::uint64_t seed,
                     const Observer& observer, ThreadTeam& team);

}  // namespace deltarule
