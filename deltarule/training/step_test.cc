#include "deltarule/training/step.h"

#include <gtest/gtest.h>

#include <numeric>

#include "deltarule/network/initializer.h"
#include "deltarule/training/test_data.h"

// The fused step is compared with the same step taken apart: gradients first, then UpdateRule's
// formula for each parameter. The two round differently, by a few units in the last place a step.

namespace deltarule {
namespace {

constexpr double kRoundoff = 1e-5;

struct Setting {
  Dataset data = make_blobs(10);
  Normalizer normalizer;
  std::vector<std::uint32_t> rows;
  Network<float> network;

  Setting() {
    rows.resize(10);
    std::iota(rows.begin(), rows.end(), 0);
    network =
        make_network(parse_spec("36-5:tanh-3", "test"), parse_initializer("fan-in", "test"), 1);
  }
  Batch batch() const { return {data, normalizer, rows}; }
};

void expect_step_follows(const RunOptions& options, double expected_l1, double expected_l2,
                         double expected_direct_l1, double expected_direct_l2) {
  Setting setting;
  ThreadTeam team(1);
  constexpr double kRate = 0.05;
  Stepper stepper(setting.network.spec, options);
  Network<double> expected = to_double(setting.network);
  Network<double> velocity = make_zero_network<double>(setting.network.spec);
  const UpdateRule<double> rule = {kRate,       options.momentum,   options.nesterov,  expected_l1,
                                   expected_l2, expected_direct_l1, expected_direct_l2};
  for (int step = 0; step < 3; ++step) {
    const Gradients<float>& gradients = stepper.gradients(setting.batch(), setting.network, team);
    for (std::size_t l = 0; l < 2; ++l) {
      auto& layer = expected.layers[l];
      for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
        for (std::size_t j = 0; j < layer.weights.columns(); ++j) {
          apply<double>(rule, gradients.layers[l].weights(i, j), layer.weights(i, j),
                        velocity.layers[l].weights(i, j));
        }
      }
      for (std::size_t j = 0; j < layer.biases.columns(); ++j) {
        apply<double>(without_penalty(rule), gradients.layers[l].biases(0, j), layer.biases(0, j),
                      velocity.layers[l].biases(0, j));
      }
    }
    stepper.step(setting.batch(), kRate, setting.network, team);
  }
  for (std::size_t l = 0; l < 2; ++l) {
    const auto& layer = setting.network.layers[l];
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (std::size_t j = 0; j < layer.weights.columns(); ++j) {
        ASSERT_NEAR(layer.weights(i, j), expected.layers[l].weights(i, j), kRoundoff);
      }
    }
    for (std::size_t j = 0; j < layer.biases.columns(); ++j) {
      ASSERT_NEAR(layer.biases(0, j), expected.layers[l].biases(0, j), kRoundoff);
    }
  }
}

TEST(Step, FollowsPlainGradientDescent) {
  RunOptions options;
  options.batch = 10;
  expect_step_follows(options, 0, 0, 0, 0);
}

TEST(Step, FollowsMomentumAndNesterov) {
  RunOptions options;
  options.batch = 16;  // larger than what there is: a last, smaller batch
  options.momentum = 0.9;
  expect_step_follows(options, 0, 0, 0, 0);
  options.nesterov = true;
  expect_step_follows(options, 0, 0, 0, 0);
}

TEST(Step, ScalesThePenaltyWithTheObjective) {
  RunOptions options;
  options.batch = 10;
  options.l1 = 0.001;
  options.l2 = 0.01;
  expect_step_follows(options, 0.001, 0.01, 0, 0);
  options.reduction = Reduction::kSum;  // times the ten examples
  expect_step_follows(options, 0.01, 0.1, 0, 0);
}

TEST(Step, AppliesADirectPenaltyWithoutTheRate) {
  RunOptions options;
  options.batch = 10;
  options.momentum = 0.5;
  options.l1 = 0.001;
  options.l2 = -0.01;
  options.penalty_step = PenaltyStep::kDirect;
  options.reduction = Reduction::kSum;
  expect_step_follows(options, 0, 0, 0.001, -0.01);
}

TEST(Step, SumIsMeanTimesTheNumberOfExamples) {
  Setting setting;
  ThreadTeam team(1);
  RunOptions mean, sum;
  mean.batch = sum.batch = 10;
  sum.reduction = Reduction::kSum;
  Stepper mean_stepper(setting.network.spec, mean), sum_stepper(setting.network.spec, sum);
  const auto& g_mean = mean_stepper.gradients(setting.batch(), setting.network, team);
  const auto& g_sum = sum_stepper.gradients(setting.batch(), setting.network, team);
  for (std::size_t i = 0; i < 36; ++i) {
    EXPECT_NEAR(g_sum.layers[0].weights(i, 2), 10 * g_mean.layers[0].weights(i, 2), kRoundoff);
  }
}

}  // namespace
}  // namespace deltarule
