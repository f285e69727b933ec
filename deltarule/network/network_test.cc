#include "deltarule/network/network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "deltarule/base/error.h"
#include "deltarule/network/initializer.h"
#include "deltarule/network/loss.h"

namespace deltarule {
namespace {

/// 2-2:tanh-2 with weights that are easy to follow by hand.
Network<double> small_network() {
  Network<double> network = make_zero_network<double>(parse_spec("2-2:tanh-2", "test"));
  network.layers[0].weights(0, 0) = 0.5;
  network.layers[0].weights(1, 0) = -0.25;
  network.layers[0].weights(0, 1) = 1;
  network.layers[0].biases(0, 1) = 0.125;
  network.layers[1].weights(0, 0) = 2;
  network.layers[1].weights(1, 1) = -1;
  network.layers[1].biases(0, 0) = 0.5;
  return network;
}

Matrix<double> one_example() {
  Matrix<double> inputs({1, 2});
  inputs(0, 0) = 1;
  inputs(0, 1) = 2;
  return inputs;
}

TEST(Network, ForwardFollowsTheFormula) {
  const Network<double> network = small_network();
  Workspace<double> workspace(network.spec, 1);
  const auto logits = forward<double>(network, one_example().view(), workspace);
  EXPECT_DOUBLE_EQ(logits(0, 0), 2 * std::tanh(0.0) + 0.5);
  EXPECT_NEAR(logits(0, 1), -std::tanh(1.125), 1e-15);
}

TEST(Network, BackwardFollowsTheDeltaRule) {
  const Network<double> network = small_network();
  Workspace<double> workspace(network.spec, 1);
  const Matrix<double> inputs = one_example();
  const auto logits = forward<double>(network, inputs.view(), workspace);
  const double y0 = 1 / (1 + std::exp(logits(0, 1) - logits(0, 0)));
  const std::uint16_t label = 1;
  const LossSum sum = backward<double>(network, {&label, 1}, 1.0, workspace);
  EXPECT_NEAR(sum.loss, -std::log(1 - y0), 1e-12);
  EXPECT_EQ(sum.correct, 0u);
  const auto output_deltas = deltas_of_layer(workspace, 1, 1);
  EXPECT_NEAR(output_deltas(0, 0), y0, 1e-12);
  EXPECT_NEAR(output_deltas(0, 1), (1 - y0) - 1, 1e-12);
  // δ_hidden = g′ · Σ δ_out W: unit 0 feeds output 0 with 2, unit 1 feeds output 1 with −1.
  const double z1 = std::tanh(1.125);
  EXPECT_NEAR(workspace.deltas[0](0, 0), y0 * 2, 1e-12);
  EXPECT_NEAR(workspace.deltas[0](0, 1), -y0 * -1 * (1 - z1 * z1), 1e-12);

  Gradients<double> gradients = make_zero_network<double>(network.spec);
  compute_gradients<double>(inputs.view(), workspace, gradients);
  EXPECT_NEAR(gradients.layers[0].weights(1, 0), 2 * workspace.deltas[0](0, 0), 1e-12);
  EXPECT_NEAR(gradients.layers[1].biases(0, 0), y0, 1e-12);
}

TEST(Network, UnitsAreDividedInWholeBlocks) {
  for (const std::size_t units : {1, 31, 32, 100, 128, 800, 2500}) {
    for (const int count : {1, 2, 3, 7, 16}) {
      std::size_t covered = 0;
      for (int i = 0; i < count; ++i) {
        const Range own = units_of(units, {i, count});
        if (own.size() == 0) continue;
        EXPECT_EQ(own.first, covered);
        EXPECT_EQ(own.first % 32, 0u);
        covered = own.end;
      }
      EXPECT_EQ(covered, units);
    }
  }
}

TEST(Loss, CrossEntropyStaysFiniteForHugeLogits) {
  const std::vector<float> logits = {1e30f, -1e30f};
  EXPECT_EQ(cross_entropy<float>(logits, 0), 0);
  EXPECT_TRUE(std::isfinite(cross_entropy<float>(logits, 1)));
  std::vector<float> probabilities(2);
  softmax<float>(logits, probabilities);
  EXPECT_EQ(probabilities, (std::vector<float>{1, 0}));
}

TEST(Loss, PenaltyLeavesBiasesAlone) {
  const Network<double> network = small_network();
  EXPECT_DOUBLE_EQ(penalty_of(network, {.l1 = 1}), 0.5 + 0.25 + 1 + 2 + 1);
  EXPECT_DOUBLE_EQ(penalty_of(network, {.l2 = 2}), 0.25 + 0.0625 + 1 + 4 + 1);
  Gradients<double> gradients = make_zero_network<double>(network.spec);
  add_penalty_gradient(network, {.l1 = 0.5, .l2 = 2}, 2, gradients);
  EXPECT_DOUBLE_EQ(gradients.layers[0].weights(1, 0), 2 * (-0.5 + 2 * -0.25));
  EXPECT_EQ(gradients.layers[0].weights(1, 1), 0);  // sign(0) = 0
  EXPECT_EQ(gradients.layers[1].biases(0, 0), 0);
}

TEST(Spec, TextAndSpecAreInverse) {
  for (const char* text : {"784-10", "784-128:tanh-10", "2-3:relu-4:sigmoid-5:identity-6"}) {
    EXPECT_EQ(to_text(parse_spec(text, "test")), text);
  }
  EXPECT_EQ(to_text(make_spec(784, "128,64:relu", 10, "test")), "784-128:tanh-64:relu-10");
  EXPECT_EQ(to_text(make_spec(784, "none", 10, "test")), "784-10");
  EXPECT_EQ(parse_spec("784-128:tanh-10", "test").parameter_count(), 785 * 128 + 129 * 10u);
}

TEST(Spec, RefusesWhatIsNoNetwork) {
  for (const char* hidden : {"", "0", "x", "128:tan", "128,", "-5", "9999999999", "128:"}) {
    EXPECT_THROW(make_spec(784, hidden, 10, "--hidden"), Error) << hidden;
  }
  EXPECT_THROW(parse_spec("784", "test"), Error);
}

TEST(Initializer, KeepsItsRangeAndLeavesBiasesZero) {
  const NetworkSpec spec = parse_spec("100-50:tanh-10", "test");
  const Network<float> network = make_network(spec, parse_initializer("fan-in", "test"), 1);
  float greatest = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    for (const float w : network.layers[0].weights.row(i)) {
      greatest = std::max(greatest, std::abs(w));
    }
  }
  EXPECT_LE(greatest, 0.1f);
  EXPECT_GT(greatest, 0.099f);
  for (const float b : network.layers[0].biases.row(0)) EXPECT_EQ(b, 0);
}

TEST(Initializer, GivesTheSameNetworkForTheSameSeedOnly) {
  const NetworkSpec spec = parse_spec("4-3:tanh-2", "test");
  const auto draw = [&](std::uint64_t seed) {
    return make_network(spec, parse_initializer("normal:0.5", "test"), seed)
        .layers[0]
        .weights(2, 1);
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(Initializer, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"", "glorrot", "normal", "normal:", "normal:x", "normal:-1", "uniform:1",
                           "uniform:1:0", "uniform:0:nan"}) {
    EXPECT_THROW(parse_initializer(text, "--initializer"), Error) << text;
  }
}

}  // namespace
}  // namespace deltarule
