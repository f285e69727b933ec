// How long a network takes to answer about one example.
#pragma once

#include <functional>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/evaluation/predictor.h"

namespace deltarule {

struct PredictionTimes {
  std::vector<double> microseconds;  ///< of each prediction, from raw values to class, in order
  double images_per_second = 0;      ///< of one after the other, without a look at the clock
};

/// On one thread, over the test part (if there is none, all) again and again, each for `seconds`,
/// after as many that are not timed. The data is that for which the predictor was made.
PredictionTimes time_predictions(const Predictor& predictor, const Dataset& data,
                                 PredictionPath path, double seconds);

/// What a look at the clock takes, in microseconds: it is part of each prediction's time.
double clock_microseconds();

/// As long to ask as a trained one: per-image normalization and the first weights.
Predictor make_untrained_predictor(const NetworkSpec& spec, const Dataset& data);

}  // namespace deltarule
