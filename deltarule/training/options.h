// Everything that decides how a run goes, besides the data and the seed.
#pragma once

#include <string>

#include "deltarule/base/options.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/data/split.h"

namespace deltarule {

enum class Reduction { kMean, kSum };            ///< of the loss over a batch
enum class PenaltyStep { kObjective, kDirect };  ///< how a penalty reaches the weights
enum class Keep { kBest, kLast };                ///< which weights a saved model has

struct RunOptions {
  std::string hidden = "128:tanh";
  std::string initializer = "fan-in";
  double learning_rate = 0.1;
  std::string schedule = "constant";
  double momentum = 0;
  bool nesterov = false;
  int batch = 128;
  int epochs = 30;
  int patience = 5;
  double min_delta = 0;
  double l1 = 0;
  double l2 = 0;
  PenaltyStep penalty_step = PenaltyStep::kObjective;
  Reduction reduction = Reduction::kMean;
  Normalization normalize = Normalization::kPerImage;
  SplitMethod split = SplitMethod::kStratified;
  double validation_fraction = 0.2;
  double test_fraction = 0.15;
  Keep keep = Keep::kBest;
};

/// The declaration that the command line, the TOML file, `--help` and the report read.
const OptionSet<RunOptions>& run_options();

}  // namespace deltarule
