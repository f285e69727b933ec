#include "deltarule/checking/gradient_check.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "deltarule/base/random.h"

namespace deltarule {
namespace {

/// A matrix of parameters, and where it lies.
struct Tensor {
  std::size_t layer = 0;
  bool is_biases = false;
};

struct Entry {
  std::size_t row = 0, column = 0;
};

/// A centred difference, and whether its interval has a kink in it.
struct Slope {
  double value = 0;
  bool kink = false;
};

std::vector<Tensor> tensors_of(const NetworkSpec& spec) {
  std::vector<Tensor> tensors;
  for (std::size_t layer = 0; layer < spec.layers.size(); ++layer) {
    tensors.push_back({layer, false});
    tensors.push_back({layer, true});
  }
  return tensors;
}

std::string name_of(const Tensor& tensor) {
  return "layer " + std::to_string(tensor.layer + 1) + (tensor.is_biases ? " biases" : " weights");
}

Matrix<double>& matrix_in(Network<double>& network, const Tensor& tensor) {
  Layer<double>& layer = network.layers[tensor.layer];
  return tensor.is_biases ? layer.biases : layer.weights;
}

const Matrix<double>& matrix_in(const Network<double>& network, const Tensor& tensor) {
  const Layer<double>& layer = network.layers[tensor.layer];
  return tensor.is_biases ? layer.biases : layer.weights;
}

/// In a seeded order, so that the first few are a sample of the sample; all in place if `most` is
/// 0.
std::vector<Entry> sample_entries(Shape shape, std::size_t most, Random& random) {
  std::vector<std::uint32_t> order(shape.size());
  std::iota(order.begin(), order.end(), 0u);
  const std::size_t count = most == 0 ? order.size() : std::min(most, order.size());
  std::vector<Entry> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = static_cast<std::uint32_t>(order.size() - i);
    std::swap(order[i], order[i + random.below(left)]);
    entries[i] = {order[i] / shape.columns, order[i] % shape.columns};
  }
  return entries;
}

/// −log softmax(logits)[label] with a small *relative* error: where an example is right beyond
/// doubt the loss is tiny, and log Σ exp minus the logit would leave only the rounding of the logit
/// for a difference to divide by 2ε.
double precise_loss(std::span<const double> logits, std::size_t label) {
  const std::size_t top =
      static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  double others = 0;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    if (k != top) others += std::exp(logits[k] - logits[top]);
  }
  return (logits[top] - logits[label]) + std::log1p(others);
}

/// The layers from `first` on, as a network of their own.
Network<double> tail_of(const Network<double>& network, std::size_t first) {
  Network<double> tail;
  const auto skipped = static_cast<std::ptrdiff_t>(first);
  tail.spec.inputs = network.spec.inputs_of(first);
  tail.spec.layers.assign(network.spec.layers.begin() + skipped, network.spec.layers.end());
  tail.layers.assign(network.layers.begin() + skipped, network.layers.end());
  return tail;
}

/// What `layer` got in the pass over `inputs` that filled `workspace`.
ConstMatrixView<double> inputs_of(std::size_t layer, ConstMatrixView<double> inputs,
                                  const Workspace<double>& workspace) {
  return layer == 0 ? inputs : workspace.outputs[layer - 1].view().rows(0, inputs.rows());
}

/// The loss as a function of the parameters of one layer.
class LossProbe {
 public:
  LossProbe(const Network<double>& network, std::size_t layer, ConstMatrixView<double> layer_inputs,
            std::span<const std::uint16_t> labels)
      : tail_(tail_of(network, layer)),
        inputs_(layer_inputs),
        labels_(labels),
        workspace_(tail_.spec, labels.size()),
        lower_(labels.size()),
        upper_(labels.size()) {
    pass(upper_, pattern_);
  }

  Slope slope(bool is_biases, Entry entry, double epsilon) {
    double& w = matrix_in(tail_, {0, is_biases})(entry.row, entry.column);
    const double center = w;
    const double below = center - epsilon, above = center + epsilon;
    w = below;
    pass(lower_, moved_pattern_);
    bool kink = moved_pattern_ != pattern_;
    w = above;
    pass(upper_, moved_pattern_);
    kink = kink || moved_pattern_ != pattern_;
    w = center;
    // Example by example, so that one large loss does not round away the change of a small one.
    double change = 0;
    for (std::size_t i = 0; i < labels_.size(); ++i) change += upper_[i] - lower_[i];
    return {change / (above - below), kink};
  }

 private:
  /// The loss of each example, and which ReLU units are active.
  void pass(std::vector<double>& losses, std::vector<char>& active) {
    const ConstMatrixView<double> logits = forward(tail_, inputs_, workspace_);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      losses[i] = precise_loss(logits.row(i), labels_[i]);
    }
    active.clear();
    for (std::size_t l = 0; l < tail_.layers.size(); ++l) {
      if (tail_.layers[l].activation != Activation::kRelu) continue;
      const Matrix<double>& outputs = workspace_.outputs[l];
      for (std::size_t i = 0; i < labels_.size(); ++i) {
        for (const double z : outputs.row(i)) active.push_back(z > 0);
      }
    }
  }

  Network<double> tail_;
  ConstMatrixView<double> inputs_;
  std::span<const std::uint16_t> labels_;
  Workspace<double> workspace_;
  std::vector<double> lower_, upper_;
  std::vector<char> pattern_, moved_pattern_;
};

/// Sums up the entries of one TensorCheck.
class Comparison {
 public:
  void add(double analytic, const Slope& numeric) {
    if (numeric.kink) {
      ++kinks_;
      return;
    }
    ++compared_;
    const double difference = analytic - numeric.value;
    differences_ += difference * difference;
    analytics_ += analytic * analytic;
    numerics_ += numeric.value * numeric.value;
  }

  TensorCheck result(std::string tensor, double epsilon, std::size_t entries) const {
    const double size = std::sqrt(analytics_) + std::sqrt(numerics_);
    // Not `size > 0`: a NaN must stay one, and fail.
    const double error = size == 0 ? 0 : std::sqrt(differences_) / size;
    return {std::move(tensor), epsilon, error, entries, compared_, kinks_};
  }

 private:
  double differences_ = 0, analytics_ = 0, numerics_ = 0;  // sums of squares
  std::size_t compared_ = 0, kinks_ = 0;
};

/// The penalty is a sum over single parameters, so each is moved in a network where all others are
/// zero: its change is then not lost in the rounding of a hundred thousand other terms.
Slope penalty_slope(Network<double>& zeros, const Tensor& tensor, Entry entry, double center,
                    const GradientCheckOptions& options) {
  const double below = center - options.gate_epsilon, above = center + options.gate_epsilon;
  const bool kink = options.penalty.l1 != 0 && !tensor.is_biases && below <= 0 && above >= 0;
  double& w = matrix_in(zeros, tensor)(entry.row, entry.column);
  w = below;
  const double lower = penalty_of(zeros, options.penalty);
  w = above;
  const double upper = penalty_of(zeros, options.penalty);
  w = 0;
  return {(upper - lower) / (above - below), kink};
}

/// One tensor: at each ε the data loss, then the penalty if there is one.
void check_tensor(const Network<double>& network, const Tensor& tensor, LossProbe& probe,
                  const Matrix<double>& gradient, std::span<const Entry> sample,
                  const GradientCheckOptions& options, GradientCheck& check) {
  for (const double epsilon : options.epsilons) {
    const bool whole = epsilon == options.gate_epsilon || options.per_tensor_in_sweep == 0;
    const std::size_t count =
        whole ? sample.size() : std::min(sample.size(), options.per_tensor_in_sweep);
    Comparison comparison;
    for (const Entry entry : sample.first(count)) {
      comparison.add(gradient(entry.row, entry.column),
                     probe.slope(tensor.is_biases, entry, epsilon));
    }
    check.tensors.push_back(
        comparison.result(name_of(tensor), epsilon, matrix_in(network, tensor).shape().size()));
  }
}

void check_penalty(const Network<double>& network, const Tensor& tensor,
                   const Matrix<double>& gradient, std::span<const Entry> sample,
                   const GradientCheckOptions& options, GradientCheck& check) {
  Network<double> zeros = make_zero_network<double>(network.spec);
  const Matrix<double>& parameters = matrix_in(network, tensor);
  Comparison comparison;
  for (const Entry entry : sample) {
    comparison.add(
        gradient(entry.row, entry.column),
        penalty_slope(zeros, tensor, entry, parameters(entry.row, entry.column), options));
  }
  check.penalty.push_back(
      comparison.result(name_of(tensor), options.gate_epsilon, parameters.shape().size()));
}

void judge(GradientCheck& check, const GradientCheckOptions& options) {
  bool all_compared = true;
  auto include = [&](const TensorCheck& tensor) {
    if (tensor.epsilon != options.gate_epsilon) return;
    const double error = tensor.relative_error;
    if (std::isnan(error) || error > check.worst_relative_error) check.worst_relative_error = error;
  };
  for (const TensorCheck& tensor : check.tensors) {
    include(tensor);
    if (tensor.compared == 0 && tensor.epsilon == options.gate_epsilon) all_compared = false;
  }
  for (const TensorCheck& tensor : check.penalty) include(tensor);
  check.passed = all_compared && check.worst_relative_error < options.gate;
}

}  // namespace

BackwardPass own_backward_pass() {
  return [](const Network<double>& network, ConstMatrixView<double> inputs,
            std::span<const std::uint16_t> labels, Gradients<double>& gradients) {
    Workspace<double> workspace(network.spec, inputs.rows());
    forward(network, inputs, workspace);
    backward(network, labels, 1.0, workspace);
    compute_gradients(inputs, workspace, gradients);
  };
}

GradientCheck check_gradients(const Network<double>& network, ConstMatrixView<double> inputs,
                              std::span<const std::uint16_t> labels,
                              const GradientCheckOptions& options,
                              const BackwardPass& backward_pass) {
  assert(!labels.empty() && inputs.rows() == labels.size());
  assert(std::count(options.epsilons.begin(), options.epsilons.end(), options.gate_epsilon) == 1);
  GradientCheck check;
  check.network = to_text(network.spec);
  Gradients<double> gradients = make_zero_network<double>(network.spec);
  backward_pass(network, inputs, labels, gradients);
  Gradients<double> penalty_gradients = make_zero_network<double>(network.spec);
  add_penalty_gradient(network, options.penalty, 1.0, penalty_gradients);
  const bool has_penalty = options.penalty.l1 != 0 || options.penalty.l2 != 0;

  Workspace<double> workspace(network.spec, labels.size());
  forward(network, inputs, workspace);
  std::uint32_t substream = 0;
  for (const Tensor& tensor : tensors_of(network.spec)) {
    Random random(options.seed, Stream::kSample, substream++);
    const std::vector<Entry> sample =
        sample_entries(matrix_in(network, tensor).shape(), options.per_tensor, random);
    LossProbe probe(network, tensor.layer, inputs_of(tensor.layer, inputs, workspace), labels);
    check_tensor(network, tensor, probe, matrix_in(std::as_const(gradients), tensor), sample,
                 options, check);
    if (!has_penalty) continue;
    check_penalty(network, tensor, matrix_in(std::as_const(penalty_gradients), tensor), sample,
                  options, check);
  }
  judge(check, options);
  return check;
}

std::vector<EntryCheck> check_report_entries(const Network<double>& network,
                                             ConstMatrixView<double> input, std::uint16_t label,
                                             double epsilon, const BackwardPass& backward_pass) {
  assert(network.layers.size() == 2 && input.rows() == 1);
  const std::span<const std::uint16_t> labels(&label, 1);
  Gradients<double> gradients = make_zero_network<double>(network.spec);
  backward_pass(network, input, labels, gradients);
  Workspace<double> workspace(network.spec, 1);
  forward(network, input, workspace);
  LossProbe probes[] = {
      {network, 0, inputs_of(0, input, workspace), labels},
      {network, 1, inputs_of(1, input, workspace), labels},
  };

  std::vector<EntryCheck> entries;
  const auto add = [&](const std::string& location, Tensor tensor, Entry entry) {
    const Matrix<double>& gradient = matrix_in(std::as_const(gradients), tensor);
    if (entry.column >= gradient.columns()) return;
    EntryCheck check;
    check.location = location;
    check.numeric = probes[tensor.layer].slope(tensor.is_biases, entry, epsilon).value;
    check.backward = gradient(entry.row, entry.column);
    check.difference = std::abs(check.numeric - check.backward);
    entries.push_back(check);
  };
  const std::string hidden = std::to_string(network.spec.layers[0].units);
  add("Input to Hidden (0, 0)", {0, false}, {0, 0});
  add("Input to Hidden (0, 1)", {0, false}, {0, 1});
  add("Hidden to Output (0, 0)", {1, false}, {0, 0});
  add("Hidden to Output (0, 1)", {1, false}, {0, 1});
  add("Output Bias (" + hidden + ", 0)", {1, true}, {0, 0});
  add("Hidden Bias (" + std::to_string(network.spec.inputs) + ", 0)", {0, true}, {0, 0});
  return entries;
}

}  // namespace deltarule
