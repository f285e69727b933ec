#include "deltarule/training/step.h"

#include <gtest/gtest.h>

#include <numeric>

#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"
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
  constexpr double kRate = 0.05;
  Stepper stepper(setting.network.spec, options);
  Network<double> expected = to_double(setting.network);
  Network<double> velocity = make_zero_network<double>(setting.network.spec);
  const UpdateRule<double> rule = {kRate,       options.momentum,   options.nesterov,  expected_l1,
                                   expected_l2, expected_direct_l1, expected_direct_l2};
  for (int step = 0; step < 3; ++step) {
    const Gradients<float>& gradients = stepper.gradients(setting.batch(), setting.network);
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
    stepper.step(setting.batch(), kRate, setting.network);
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

/// The network after five steps on `members` threads, from lit pixels or from normalized rows.
Network<float> trained_by(int members, const char* spec, const Dataset& data) {
  RunOptions options;
  options.batch = 50;
  options.momentum = 0.5;
  Network<float> network =
      make_network(parse_spec(spec, "test"), parse_initializer("fan-in", "test"), 1);
  const Normalizer normalizer;
  std::vector<std::uint32_t> rows(data.count());
  std::iota(rows.begin(), rows.end(), 0);
  Stepper stepper(network.spec, options, members);
  stepper.prepare(data, normalizer);
  ThreadTeam team(members);
  team.run(members, [&](const Member& member) {
    stepper.take(network, member);
    for (std::size_t first = 0; first < rows.size(); first += 50) {
      const std::size_t size = std::min<std::size_t>(50, rows.size() - first);
      stepper.gradients({data, normalizer, std::span(rows).subspan(first, size)}, network, member);
      stepper.step({data, normalizer, std::span(rows).subspan(first, size)}, 0.05, network, member);
    }
    stepper.give_back(network, member);
  });
  return network;
}

TEST(Step, GivesTheSameBitsAtAnyNumberOfThreads) {
  Dataset digits = make_synthetic_digits(230);
  Dataset lit = digits;
  lit.lit = make_lit_pixels(lit);
  ASSERT_NE(lit.lit, nullptr);
  for (const char* spec : {"784-100:tanh-10", "784-33:relu-10", "784-70:sigmoid-90:tanh-10",
                           "784-64:tanh-1:tanh-600:relu-10"}) {
    for (const Dataset* data : {&digits, &lit}) {
      const Network<float> alone = trained_by(1, spec, *data);
      for (const int members : {2, 3, 7, 16}) {
        const Network<float> together = trained_by(members, spec, *data);
        for (std::size_t l = 0; l < alone.layers.size(); ++l) {
          const Matrix<float>& w = alone.layers[l].weights;
          for (std::size_t i = 0; i < w.rows(); ++i) {
            for (std::size_t j = 0; j < w.columns(); ++j) {
              ASSERT_EQ(w(i, j), together.layers[l].weights(i, j))
                  << spec << " on " << members << " threads, layer " << l;
            }
          }
          for (std::size_t j = 0; j < w.columns(); ++j) {
            ASSERT_EQ(alone.layers[l].biases(0, j), together.layers[l].biases(0, j));
          }
        }
      }
    }
  }
}

TEST(UsefulMembers, AreFewWhereAStepIsShortOrNarrow) {
  const auto members = [](const char* spec, std::size_t batch) {
    return useful_members(parse_spec(spec, "test"), batch, 16);
  };
  EXPECT_EQ(members("784-10", 128), 1);
  EXPECT_EQ(members("2-16:tanh-2", 32), 1);
  EXPECT_EQ(members("784-128:tanh-10", 128), 4);  // as many as it has blocks
  EXPECT_EQ(members("784-800:tanh-10", 128), 16);
}

TEST(Step, SumIsMeanTimesTheNumberOfExamples) {
  Setting setting;
  RunOptions mean, sum;
  mean.batch = sum.batch = 10;
  sum.reduction = Reduction::kSum;
  Stepper mean_stepper(setting.network.spec, mean), sum_stepper(setting.network.spec, sum);
  const auto& g_mean = mean_stepper.gradients(setting.batch(), setting.network);
  const auto& g_sum = sum_stepper.gradients(setting.batch(), setting.network);
  for (std::size_t i = 0; i < 36; ++i) {
    EXPECT_NEAR(g_sum.layers[0].weights(i, 2), 10 * g_mean.layers[0].weights(i, 2), kRoundoff);
  }
}

}  // namespace
}  // namespace deltarule
