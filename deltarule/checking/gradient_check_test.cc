#include "deltarule/checking/gradient_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "deltarule/base/random.h"
#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

/// What can be wrong with a backward pass.
enum class Fault {
  kNone,
  kUpdatedWeights,    // hidden deltas from the next layer's weights after their update
  kNoDerivative,      // g′ left out
  kWrongDerivative,   // g′ of another activation
  kNoHiddenBiases,    // hidden biases get no gradient
  kTransposed,        // a square gradient the wrong way round
  kOneWrongEntry,     // a single weight is 1 % off
  kMean,              // divided by the number of examples
  kSign,              // uphill
  kOutputBiasesSign,  // T − Y instead of Y − T, in the output biases only
};

const std::map<Fault, const char*> kFaults = {
    {Fault::kUpdatedWeights, "updated weights"},
    {Fault::kNoDerivative, "no derivative"},
    {Fault::kWrongDerivative, "wrong derivative"},
    {Fault::kNoHiddenBiases, "no hidden biases"},
    {Fault::kTransposed, "transposed"},
    {Fault::kOneWrongEntry, "one wrong entry"},
    {Fault::kMean, "mean"},
    {Fault::kSign, "sign"},
    {Fault::kOutputBiasesSign, "output biases' sign"},
};

using Rows = std::vector<std::vector<double>>;

Rows apply_layer(const Layer<double>& layer, const Rows& inputs) {
  Rows outputs(inputs.size(), std::vector<double>(layer.weights.columns()));
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    for (std::size_t j = 0; j < layer.weights.columns(); ++j) {
      double a = layer.biases(0, j);
      for (std::size_t i = 0; i < layer.weights.rows(); ++i)
        a += inputs[n][i] * layer.weights(i, j);
      outputs[n][j] = activate(layer.activation, a);
    }
  }
  return outputs;
}

/// Softmax of the logits less the truth.
Rows output_deltas(const Rows& logits, std::span<const std::uint16_t> labels) {
  Rows deltas = logits;
  for (std::size_t n = 0; n < deltas.size(); ++n) {
    double sum = 0;
    for (const double a : logits[n]) sum += std::exp(a);
    for (double& d : deltas[n]) d = std::exp(d) / sum;
    deltas[n][labels[n]] -= 1;
  }
  return deltas;
}

double derivative(Activation activation, double z, Fault fault) {
  if (fault == Fault::kNoDerivative) return 1;
  if (fault == Fault::kWrongDerivative) {
    activation = activation == Activation::kTanh ? Activation::kSigmoid : Activation::kTanh;
  }
  return derivative_from_output(activation, z);
}

void fill_gradient(const Rows& inputs, const Rows& deltas, Layer<double>& gradient) {
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    for (std::size_t j = 0; j < gradient.weights.columns(); ++j) {
      gradient.biases(0, j) += deltas[n][j];
      for (std::size_t i = 0; i < gradient.weights.rows(); ++i) {
        gradient.weights(i, j) += inputs[n][i] * deltas[n][j];
      }
    }
  }
}

/// δ of the layer below `layer`, whose outputs are `outputs`.
Rows deltas_below(const Layer<double>& layer, const Layer<double>& gradient, const Rows& deltas,
                  const Rows& outputs, Activation activation, Fault fault) {
  const double step = fault == Fault::kUpdatedWeights ? 0.001 : 0;
  Rows below(outputs.size(), std::vector<double>(layer.weights.rows()));
  for (std::size_t n = 0; n < outputs.size(); ++n) {
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (std::size_t j = 0; j < layer.weights.columns(); ++j) {
        below[n][i] += deltas[n][j] * (layer.weights(i, j) - step * gradient.weights(i, j));
      }
      below[n][i] *= derivative(activation, outputs[n][i], fault);
    }
  }
  return below;
}

void spoil(Gradients<double>& gradients, Fault fault, std::size_t examples) {
  const double scale = fault == Fault::kMean   ? 1 / static_cast<double>(examples)
                       : fault == Fault::kSign ? -1
                                               : 1;
  for (std::size_t l = 0; l < gradients.layers.size(); ++l) {
    Layer<double>& layer = gradients.layers[l];
    const bool is_output = l + 1 == gradients.layers.size();
    if (fault == Fault::kTransposed && layer.weights.rows() == layer.weights.columns()) {
      for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
        for (std::size_t j = 0; j < i; ++j) std::swap(layer.weights(i, j), layer.weights(j, i));
      }
    }
    if (fault == Fault::kOneWrongEntry && l == 0) layer.weights(1, 2) *= 1.01;
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (double& g : layer.weights.row(i)) g *= scale;
    }
    for (double& g : layer.biases.row(0)) {
      g *= scale;
      if (fault == Fault::kNoHiddenBiases && !is_output) g = 0;
      if (fault == Fault::kOutputBiasesSign && is_output) g = -g;
    }
  }
}

/// A backward pass of its own, in plain loops, with one fault.
BackwardPass plain_pass(Fault fault) {
  return [fault](const Network<double>& network, ConstMatrixView<double> inputs,
                 std::span<const std::uint16_t> labels, Gradients<double>& gradients) {
    std::vector<Rows> values(1);
    for (std::size_t n = 0; n < inputs.rows(); ++n) {
      values[0].emplace_back(inputs.row(n).begin(), inputs.row(n).end());
    }
    for (const Layer<double>& layer : network.layers) {
      values.push_back(apply_layer(layer, values.back()));
    }
    Rows deltas = output_deltas(values.back(), labels);
    for (std::size_t l = network.layers.size(); l-- > 0;) {
      fill_gradient(values[l], deltas, gradients.layers[l]);
      if (l == 0) break;
      deltas = deltas_below(network.layers[l], gradients.layers[l], deltas, values[l],
                            network.layers[l - 1].activation, fault);
    }
    spoil(gradients, fault, inputs.rows());
  };
}

struct Problem {
  Network<double> network;
  Matrix<double> inputs;
  std::vector<std::uint16_t> labels;

  GradientCheck check(const GradientCheckOptions& options,
                      const BackwardPass& pass = own_backward_pass()) const {
    return check_gradients(network, inputs.view(), labels, options, pass);
  }
};

Problem make_problem(const std::string& spec, std::size_t examples = 7, std::uint64_t seed = 3) {
  const NetworkSpec shape = parse_spec(spec, "test");
  Problem problem{to_double(make_network(shape, {InitializerKind::kLecun}, seed)),
                  Matrix<double>({examples, shape.inputs}), std::vector<std::uint16_t>(examples)};
  Random random(seed, Stream::kSample, 99);
  for (std::size_t n = 0; n < examples; ++n) {
    for (double& x : problem.inputs.row(n)) x = random.normal();
    problem.labels[n] = static_cast<std::uint16_t>(n % shape.classes());
  }
  // Biases of zero would hide mistakes in how they enter.
  for (Layer<double>& layer : problem.network.layers) {
    for (double& b : layer.biases.row(0)) b = 0.1 * random.normal();
  }
  return problem;
}

/// Gradient descent in plain loops.
void descend(Problem& problem, int steps, double step) {
  for (int s = 0; s < steps; ++s) {
    Gradients<double> gradients = make_zero_network<double>(problem.network.spec);
    plain_pass(Fault::kNone)(problem.network, problem.inputs.view(), problem.labels, gradients);
    for (std::size_t l = 0; l < gradients.layers.size(); ++l) {
      Layer<double>& layer = problem.network.layers[l];
      for (std::size_t j = 0; j < layer.biases.columns(); ++j) {
        layer.biases(0, j) -= step * gradients.layers[l].biases(0, j);
        for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
          layer.weights(i, j) -= step * gradients.layers[l].weights(i, j);
        }
      }
    }
  }
}

double summed_loss(const Problem& problem) {
  Workspace<double> workspace(problem.network.spec, problem.labels.size());
  forward(problem.network, problem.inputs.view(), workspace);
  return backward(problem.network, problem.labels, 1.0, workspace).loss;
}

GradientCheckOptions only_the_gate() {
  GradientCheckOptions options;
  options.epsilons = {options.gate_epsilon};
  return options;
}

const TensorCheck& find(const GradientCheck& check, const std::string& tensor, double epsilon) {
  for (const TensorCheck& entry : check.tensors) {
    if (entry.tensor == tensor && entry.epsilon == epsilon) return entry;
  }
  ADD_FAILURE() << tensor << " at " << epsilon << " is not there";
  return check.tensors.front();
}

const std::vector<std::string> kSpecs = {"13-5",        "13-9:tanh-5",     "13-9:sigmoid-5",
                                         "13-9:relu-5", "13-9:identity-5", "13-9:sigmoid-9:relu-5"};

TEST(GradientCheck, PassesTheRightBackwardPassAfterInitialization) {
  for (const std::string& spec : kSpecs) {
    const GradientCheck check = make_problem(spec).check(only_the_gate());
    EXPECT_TRUE(check.passed) << spec << ": " << check.worst_relative_error;
    EXPECT_GT(check.worst_relative_error, 0) << spec;
    EXPECT_EQ(check.network, spec);
  }
}

TEST(GradientCheck, PassesTheRightBackwardPassAfterTraining) {
  for (const std::string& spec : kSpecs) {
    Problem problem = make_problem(spec);
    const double before = summed_loss(problem);
    descend(problem, 1000, 0.05);
    ASSERT_LT(summed_loss(problem), before / 20) << spec;
    const GradientCheck check = problem.check(only_the_gate());
    EXPECT_TRUE(check.passed) << spec << ": " << check.worst_relative_error;
  }
}

TEST(GradientCheck, PassesWhereTheNetworkIsRightBeyondDoubt) {
  // Losses of 1e-8 beside logits of 18: differences of log Σ exp would be all rounding.
  Problem problem = make_problem("3-2");
  problem.labels.assign(problem.labels.size(), 0);
  problem.network.layers[0].biases(0, 0) = 18;
  ASSERT_LT(summed_loss(problem), 1e-5);
  const GradientCheck check = problem.check(only_the_gate());
  EXPECT_TRUE(check.passed) << check.worst_relative_error;
}

TEST(GradientCheck, PassesAPlainBackwardPassToo) {
  for (const std::string& spec : kSpecs) {
    EXPECT_TRUE(make_problem(spec).check(only_the_gate(), plain_pass(Fault::kNone)).passed) << spec;
  }
}

TEST(GradientCheck, PassesOnTheSizesOfTheReport) {
  GradientCheckOptions options = only_the_gate();
  options.per_tensor = 20;
  for (const std::string spec : {"784-128:tanh-10", "784-128:sigmoid-10", "784-128:relu-10"}) {
    const GradientCheck check = make_problem(spec, 8).check(options);
    EXPECT_TRUE(check.passed) << spec << ": " << check.worst_relative_error;
  }
}

TEST(GradientCheck, FailsEveryBrokenBackwardPass) {
  for (const auto& [fault, name] : kFaults) {
    // Two hidden layers of the same size, so that a gradient can be transposed unnoticed.
    for (const std::string spec : {"13-9:tanh-9:tanh-5", "13-9:sigmoid-9:relu-5"}) {
      Problem problem = make_problem(spec);
      EXPECT_FALSE(problem.check(only_the_gate(), plain_pass(fault)).passed)
          << name << ", " << spec;
      descend(problem, 300, 0.05);
      EXPECT_FALSE(problem.check(only_the_gate(), plain_pass(fault)).passed)
          << name << ", " << spec << " trained";
    }
  }
}

TEST(GradientCheck, NamesTheTensorThatIsWrong) {
  const GradientCheckOptions options = only_the_gate();
  const GradientCheck check =
      make_problem("13-9:tanh-5").check(options, plain_pass(Fault::kNoHiddenBiases));
  for (const TensorCheck& tensor : check.tensors) {
    if (tensor.tensor == "layer 1 biases") {
      EXPECT_EQ(tensor.relative_error, 1);
    } else {
      EXPECT_LT(tensor.relative_error, options.gate) << tensor.tensor;
    }
  }
  EXPECT_EQ(check.worst_relative_error, 1);
}

TEST(GradientCheck, FailsAPassThatGivesNothingOrNoNumber) {
  const Problem problem = make_problem("13-9:tanh-5");
  const auto nothing = [](const Network<double>&, ConstMatrixView<double>,
                          std::span<const std::uint16_t>, Gradients<double>&) {};
  EXPECT_FALSE(problem.check(only_the_gate(), nothing).passed);
  const auto no_number = [](const Network<double>& network, ConstMatrixView<double> inputs,
                            std::span<const std::uint16_t> labels, Gradients<double>& gradients) {
    own_backward_pass()(network, inputs, labels, gradients);
    gradients.layers[0].biases(0, 0) = std::numeric_limits<double>::quiet_NaN();
  };
  const GradientCheck check = problem.check(only_the_gate(), no_number);
  EXPECT_FALSE(check.passed);
  EXPECT_TRUE(std::isnan(check.worst_relative_error));
}

TEST(GradientCheck, ErrorFallsAHundredfoldPerDecadeUntilRoundingTakesOver) {
  for (const std::string spec : {"13-9:tanh-5", "13-9:sigmoid-5"}) {
    const GradientCheck check = make_problem(spec).check({});
    EXPECT_EQ(check.tensors.size(), 4 * GradientCheckOptions{}.epsilons.size());
    for (const std::string tensor : {"layer 1 weights", "layer 1 biases", "layer 2 weights"}) {
      const auto error = [&](double epsilon) {
        return find(check, tensor, epsilon).relative_error;
      };
      EXPECT_NEAR(error(1e-2) / error(1e-3), 100, 5) << spec << ", " << tensor;
      EXPECT_NEAR(error(1e-3) / error(1e-4), 100, 5) << spec << ", " << tensor;
      EXPECT_GT(error(1e-8), error(1e-5)) << spec << ", " << tensor;
    }
  }
}

TEST(GradientCheck, ComparesAllEntriesOrASeededSampleAndSaysHowMany) {
  const Problem problem = make_problem("13-9:tanh-5");
  GradientCheckOptions options;
  options.epsilons = {1e-3, 1e-4};
  options.per_tensor = 20;
  options.per_tensor_in_sweep = 7;
  const GradientCheck sampled = problem.check(options);
  EXPECT_EQ(find(sampled, "layer 1 weights", 1e-4).entries, 13u * 9);
  EXPECT_EQ(find(sampled, "layer 1 weights", 1e-4).compared, 20u);
  EXPECT_EQ(find(sampled, "layer 1 weights", 1e-3).compared, 7u);
  EXPECT_EQ(find(sampled, "layer 2 biases", 1e-4).compared, 5u);
  EXPECT_EQ(problem.check(options).worst_relative_error, sampled.worst_relative_error);
  options.seed = 2;
  EXPECT_NE(find(problem.check(options), "layer 1 weights", 1e-4).relative_error,
            find(sampled, "layer 1 weights", 1e-4).relative_error);

  options.per_tensor = options.per_tensor_in_sweep = 0;
  const GradientCheck whole = problem.check(options);
  EXPECT_EQ(find(whole, "layer 1 weights", 1e-4).compared, 13u * 9);
  EXPECT_EQ(find(whole, "layer 2 weights", 1e-3).compared, 9u * 5);
}

/// Two inputs into one ReLU unit and two classes; the example is (1, 1).
Problem make_relu_problem(double w0, double w1) {
  Problem problem{
      make_zero_network<double>(parse_spec("2-1:relu-2", "test")), Matrix<double>({1, 2}), {1}};
  problem.inputs(0, 0) = 1;
  problem.inputs(0, 1) = 1;
  problem.network.layers[0].weights(0, 0) = w0;
  problem.network.layers[0].weights(1, 0) = w1;
  problem.network.layers[1].weights(0, 0) = 1;
  problem.network.layers[1].weights(0, 1) = -2;
  return problem;
}

TEST(GradientCheck, SkipsAndCountsEntriesWhoseIntervalHasAKinkOfRelu) {
  GradientCheckOptions options;
  options.epsilons = {1e-2, 1e-4};
  // The pre-activation is .001: ε = .01 turns the unit off, ε = .0001 does not.
  const GradientCheck check = make_relu_problem(0.5, -0.499).check(options);
  EXPECT_EQ(find(check, "layer 1 weights", 1e-2).kinks, 2u);
  EXPECT_EQ(find(check, "layer 1 weights", 1e-2).compared, 0u);
  EXPECT_EQ(find(check, "layer 1 biases", 1e-2).kinks, 1u);
  EXPECT_EQ(find(check, "layer 2 weights", 1e-2).kinks, 0u);
  EXPECT_EQ(find(check, "layer 1 weights", 1e-4).kinks, 0u);
  EXPECT_EQ(find(check, "layer 1 weights", 1e-4).compared, 2u);
  EXPECT_TRUE(check.passed) << check.worst_relative_error;
}

TEST(GradientCheck, CountsAKinkOnEitherSideAndOneThatLiesAtTheWeightItself) {
  for (const double w : {0.00005, -0.00005, 0.0}) {
    const GradientCheck check = make_relu_problem(w, 0).check(only_the_gate());
    EXPECT_EQ(find(check, "layer 1 weights", 1e-4).kinks, 2u) << w;
  }
}

TEST(GradientCheck, DoesNotPassATensorOfWhichNothingCouldBeCompared) {
  const GradientCheck check = make_relu_problem(0.00005, 0).check(only_the_gate());
  EXPECT_FALSE(check.passed);
}

TEST(GradientCheck, ChecksThePenaltyApart) {
  const Problem problem = make_problem("13-9:tanh-5");
  GradientCheckOptions options = only_the_gate();
  EXPECT_TRUE(problem.check(options).penalty.empty());
  for (const Penalty penalty : {Penalty{1e-4, 0}, Penalty{0, 1e-4}, Penalty{0.5, 2}}) {
    options.penalty = penalty;
    const GradientCheck check = problem.check(options);
    EXPECT_TRUE(check.passed) << check.worst_relative_error;
    ASSERT_EQ(check.penalty.size(), 4u);
    EXPECT_EQ(check.penalty[0].tensor, "layer 1 weights");
    EXPECT_EQ(check.penalty[0].compared, 13u * 9);
    EXPECT_EQ(check.tensors[0].relative_error,
              problem.check(only_the_gate()).tensors[0].relative_error);
  }
}

TEST(GradientCheck, SkipsAndCountsWeightsAtTheKinkOfL1) {
  Problem problem = make_problem("13-9:tanh-5");
  problem.network.layers[0].weights(3, 4) = 0.5e-4;
  problem.network.layers[0].weights(5, 6) = 0;
  GradientCheckOptions options = only_the_gate();
  options.penalty.l1 = 0.01;
  const GradientCheck with_l1 = problem.check(options);
  EXPECT_GE(with_l1.penalty[0].kinks, 2u);
  EXPECT_EQ(with_l1.penalty[0].kinks + with_l1.penalty[0].compared, 13u * 9);
  EXPECT_TRUE(with_l1.passed) << with_l1.worst_relative_error;
  options.penalty = {0, 0.01};
  EXPECT_EQ(problem.check(options).penalty[0].kinks, 0u);
}

TEST(ReportEntries, AreItsSixInItsOrder) {
  const Problem problem = make_problem("13-9:tanh-5", 1);
  const std::vector<EntryCheck> entries =
      check_report_entries(problem.network, problem.inputs.view(), problem.labels[0], 0.01);
  std::vector<std::string> locations;
  for (const EntryCheck& entry : entries) {
    locations.push_back(entry.location);
    EXPECT_NE(entry.backward, 0);
    EXPECT_EQ(entry.difference, std::abs(entry.numeric - entry.backward));
    EXPECT_LT(entry.difference, 1e-4 * std::abs(entry.backward)) << entry.location;
  }
  EXPECT_THAT(locations, testing::ElementsAre("Input to Hidden (0, 0)", "Input to Hidden (0, 1)",
                                              "Hidden to Output (0, 0)", "Hidden to Output (0, 1)",
                                              "Output Bias (9, 0)", "Hidden Bias (13, 0)"));

  Gradients<double> gradients = make_zero_network<double>(problem.network.spec);
  plain_pass(Fault::kNone)(problem.network, problem.inputs.view(), problem.labels, gradients);
  const double expected[] = {gradients.layers[0].weights(0, 0), gradients.layers[0].weights(0, 1),
                             gradients.layers[1].weights(0, 0), gradients.layers[1].weights(0, 1),
                             gradients.layers[1].biases(0, 0),  gradients.layers[0].biases(0, 0)};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(entries[i].backward, expected[i], 1e-14);
}

TEST(ReportEntries, ShowItsPatternWhenHiddenDeltasUseUpdatedWeights) {
  const Problem problem = make_problem("13-9:tanh-5", 1);
  const std::vector<EntryCheck> right =
      check_report_entries(problem.network, problem.inputs.view(), problem.labels[0], 1e-4);
  const std::vector<EntryCheck> broken =
      check_report_entries(problem.network, problem.inputs.view(), problem.labels[0], 1e-4,
                           plain_pass(Fault::kUpdatedWeights));
  for (const std::size_t hidden : {0, 1, 5}) {
    EXPECT_GT(broken[hidden].difference, 100 * right[hidden].difference) << hidden;
  }
  for (const std::size_t output : {2, 3, 4}) {
    EXPECT_NEAR(broken[output].difference, right[output].difference, 1e-11) << output;
  }
}

TEST(ReportEntries, LeaveOutWhatASingleHiddenUnitDoesNotHave) {
  const Problem problem = make_problem("3-1:tanh-2", 1);
  EXPECT_EQ(
      check_report_entries(problem.network, problem.inputs.view(), problem.labels[0], 0.01).size(),
      5u);
}

}  // namespace
}  // namespace deltarule
