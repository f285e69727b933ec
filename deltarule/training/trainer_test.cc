#include "deltarule/training/trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "deltarule/base/error.h"
#include "deltarule/network/loss.h"
#include "deltarule/training/run.h"
#include "deltarule/training/test_data.h"

namespace deltarule {
namespace {

RunOptions small_options() {
  RunOptions options;
  options.hidden = "7:tanh";
  options.epochs = 6;
  options.patience = 0;
  options.batch = 16;
  return options;
}

Run run_blobs(const RunOptions& options, int threads = 1, std::uint64_t seed = 1,
              const Observer& observer = {}) {
  ThreadTeam team(threads);
  return perform_run(make_blobs(300), options, seed, observer, team);
}

void expect_same_bits(const Network<float>& a, const Network<float>& b) {
  ASSERT_EQ(a.spec, b.spec);
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    for (std::size_t i = 0; i < a.layers[l].weights.rows(); ++i) {
      for (std::size_t j = 0; j < a.layers[l].weights.columns(); ++j) {
        ASSERT_EQ(a.layers[l].weights(i, j), b.layers[l].weights(i, j));
      }
    }
  }
}

TEST(Train, LearnsWithEveryActivationDepthAndNormalization) {
  for (const char* hidden : {"none", "7:tanh", "9:sigmoid", "8:relu", "8:sigmoid,6:relu"}) {
    for (const Normalization normalization : {Normalization::kPerImage, Normalization::kGlobal,
                                              Normalization::kPerFeature, Normalization::kNone}) {
      RunOptions options = small_options();
      options.hidden = hidden;
      options.normalize = normalization;
      options.learning_rate = 0.3;
      options.epochs = 40;
      options.momentum = 0.5;
      const auto run = run_blobs(options);
      EXPECT_GT(run.last.test.accuracy, 0.9) << hidden << " " << static_cast<int>(normalization);
    }
  }
}

TEST(Train, GivesTheSameBitsForTheSameSeedAndOthersForAnother) {
  RunOptions options = small_options();
  options.momentum = 0.9;
  options.l1 = 1e-4;
  const auto one = run_blobs(options), again = run_blobs(options);
  expect_same_bits(one.training.last, again.training.last);
  expect_same_bits(one.training.best, again.training.best);
  EXPECT_NE(run_blobs(options, 1, 2).last.validation.loss, one.last.validation.loss);
}

TEST(Train, KeepsTheWeightsOfTheLeastValidationLoss) {
  RunOptions options = small_options();
  options.learning_rate = 3;  // restless, so that the best is not the last
  options.epochs = 12;
  const auto run = run_blobs(options);
  double least = std::numeric_limits<double>::infinity();
  int epoch = 0;
  for (const EpochRecord& record : run.training.history) {
    if (record.validation.loss < least) {
      least = record.validation.loss;
      epoch = record.epoch;
    }
  }
  EXPECT_EQ(run.training.best_epoch, epoch);
  EXPECT_EQ(run.best.validation.loss, least);
  EXPECT_EQ(run.last.validation.loss, run.training.history.back().validation.loss);
}

TEST(Train, StopsWhenPatienceRunsOut) {
  RunOptions options = small_options();
  options.epochs = 1000;
  options.patience = 2;
  const auto run = run_blobs(options);
  EXPECT_EQ(run.training.outcome, Outcome::kStoppedEarly);
  EXPECT_EQ(run.training.stopped_epoch, run.training.best_epoch + 2);
  EXPECT_LT(run.training.stopped_epoch, 1000);
}

TEST(Train, EndsADivergentRunWithItsOutcomeAndTheBestWeightsSoFar) {
  RunOptions options = small_options();
  options.hidden = "8:relu";
  options.learning_rate = 0.01;
  options.l2 = -1;  // each step doubles the weights: a sure way to infinity
  options.penalty_step = PenaltyStep::kDirect;
  options.epochs = 100;
  const auto run = run_blobs(options);
  EXPECT_EQ(run.training.outcome, Outcome::kDiverged);
  EXPECT_LT(run.training.stopped_epoch, 100);
  EXPECT_TRUE(std::isfinite(penalty_of(run.training.best, {.l1 = 0, .l2 = 1})));
}

TEST(Train, StopsWithinABatchWhenTheObserverAsks) {
  int batches = 0;
  Observer observer;
  observer.should_stop = [&] { return ++batches == 20; };
  RunOptions options = small_options();
  options.epochs = 1000;
  const auto run = run_blobs(options, 1, 1, observer);
  EXPECT_EQ(run.training.outcome, Outcome::kInterrupted);
  EXPECT_EQ(batches, 20);
  EXPECT_EQ(static_cast<int>(run.training.history.size()), run.training.stopped_epoch);
}

TEST(Train, RecordsWhatTheHeaderPromises) {
  RunOptions options = small_options();
  options.hidden = "8:relu,5:sigmoid";
  options.l2 = 0.01;
  options.schedule = "step:2:0.5";
  int seen = 0;
  Observer observer;
  observer.on_epoch = [&](const EpochRecord& record) { EXPECT_EQ(record.epoch, ++seen); };
  const auto run = run_blobs(options, 1, 1, observer);
  EXPECT_EQ(seen, options.epochs);
  const EpochRecord& third = run.training.history[2];
  EXPECT_DOUBLE_EQ(third.learning_rate, options.learning_rate / 2);
  EXPECT_GT(third.penalty, 0);
  ASSERT_EQ(third.layers.size(), 3u);
  EXPECT_GT(third.layers[0].weight_norm, 0);
  EXPECT_GT(third.layers[0].gradient_norm, 0);
  EXPECT_EQ(third.layers[0].saturated_share, 0);
  EXPECT_EQ(third.layers[1].dead_share, 0);
  EXPECT_GT(third.seconds, run.training.history[1].seconds);
}

TEST(Train, CountsUnitsThatNeverFireAsDead) {
  const Dataset data = make_blobs(60);
  const Split parts = split(data, {}, 1);
  const Normalizer normalizer = fit_normalizer(Normalization::kPerImage, data, parts.train);
  Network<float> network = make_zero_network<float>(parse_spec("36-4:relu-3", "test"));
  for (const std::size_t dead : {0, 1, 2}) network.layers[0].biases(0, dead) = -1000;
  network.layers[0].biases(0, 3) = 1;
  RunOptions options = small_options();
  options.epochs = 1;
  ThreadTeam team(1);
  const TrainingResult result = train(network, data, parts, normalizer, options, 1, {}, team);
  EXPECT_DOUBLE_EQ(result.history[0].layers[0].dead_share, 0.75);
}

TEST(Run, RefusesOptionsThatDoNotFit) {
  RunOptions options = small_options();
  options.hidden = "7:tanx";
  EXPECT_THROW(run_blobs(options), Error);
  options = small_options();
  options.schedule = "linear";
  EXPECT_THROW(run_blobs(options), Error);
  options = small_options();
  options.split = SplitMethod::kPaper;
  EXPECT_THROW(run_blobs(options), Error);
}

TEST(Run, MakesAModelOfTheWeightsThatAreKept) {
  RunOptions options = small_options();
  options.learning_rate = 3;
  options.keep = Keep::kLast;
  const auto run = run_blobs(options);
  const Model model = make_model(run, make_blobs(300));
  expect_same_bits(model.network, run.training.last);
  EXPECT_EQ(model.about.at("weights"), "last");
  EXPECT_EQ(model.about.at("option.hidden"), "7:tanh");
  EXPECT_EQ(model.classes.size(), 3u);
}

}  // namespace
}  // namespace deltarule
