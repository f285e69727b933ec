#include "deltarule/benchmark/predictions.h"

#include <gtest/gtest.h>

#include "deltarule/benchmark/median.h"
#include "deltarule/data/synthetic_digits.h"

namespace deltarule {
namespace {

TEST(Predictions, TakeAPositiveTimeOnBothPaths) {
  const Dataset data = make_synthetic_digits(70);
  const Predictor predictor = make_untrained_predictor(parse_spec("784-16-10", ""), data);
  for (const PredictionPath path : {PredictionPath::kSparse, PredictionPath::kDense}) {
    const PredictionTimes times = time_predictions(predictor, data, path, 0.001);
    EXPECT_GT(times.images_per_second, 0);
    EXPECT_GT(median(times.microseconds), 0);
  }
  EXPECT_GE(clock_microseconds(), 0);
}

}  // namespace
}  // namespace deltarule
