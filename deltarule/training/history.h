// What is recorded of a run, epoch by epoch.
#pragma once

#include <vector>

#include "deltarule/evaluation/evaluate.h"

namespace deltarule {

/// Of one layer: norms at the epoch's last batch, before its update (the gradient as the update
/// used it, penalty apart); shares at the end of the epoch, on a fixed sample of the validation
/// part.
struct LayerRecord {
  double weight_norm = 0;      ///< ‖W‖₂ over all entries
  double gradient_norm = 0;    ///< ‖dW‖₂ over all entries
  double dead_share = 0;       ///< ReLU units that are 0 on the whole sample, of all units
  double saturated_share = 0;  ///< outputs within .01 of a bound (tanh, sigmoid), of all outputs
};

struct EpochRecord {
  int epoch = 0;             ///< from 1
  double learning_rate = 0;  ///< α in this epoch
  Score train;       ///< mean over the epoch's batches, each before its own update; data loss only
  Score validation;  ///< the whole part at the end of the epoch; data loss only
  double penalty = 0;  ///< λ₁ Σ|w| + (λ₂/2) Σ w² at the end of the epoch
  std::vector<LayerRecord> layers;
  double training_seconds = 0;  ///< wall time of this epoch's steps alone
  double seconds = 0;           ///< wall time since the run began, evaluation included
};

using History = std::vector<EpochRecord>;

enum class Outcome {
  kFinished,      ///< all epochs done
  kStoppedEarly,  ///< patience ran out
  kDiverged,      ///< a loss was not finite
  kInterrupted,   ///< the observer asked to stop
};

/// "finished", "stopped early", "diverged", "interrupted".
const char* name_of(Outcome outcome);

}  // namespace deltarule
