#include "deltarule/training/step.h"

#include <algorithm>
#include <cassert>

#include "deltarule/math/kernels.h"

namespace deltarule {

Stepper::Stepper(const NetworkSpec& spec, const RunOptions& options)
    : options_(options),
      first_(spec, static_cast<std::size_t>(options.batch)),
      labels_(static_cast<std::size_t>(options.batch)),
      workspace_(spec, static_cast<std::size_t>(options.batch)),
      velocity_(make_zero_network<float>(spec)),
      gradients_(make_zero_network<float>(spec)) {}

LossSum Stepper::pass(const Batch& batch, const Network<float>& network, ThreadTeam& team) {
  const std::size_t n = batch.rows.size();
  assert(n > 0 && n <= labels_.size());
  for (std::size_t i = 0; i < n; ++i) labels_[i] = batch.data.labels[batch.rows[i]];
  first_.load(batch);
  first_.forward(network.layers[0], workspace_.outputs[0].view().rows(0, n), team);
  forward_from_first(network, n, workspace_, team);
  const float scale = options_.reduction == Reduction::kMean ? 1.0f / static_cast<float>(n) : 1.0f;
  return backward<float>(network, std::span(labels_).first(n), scale, workspace_, team);
}

UpdateRule<float> Stepper::rule(std::size_t examples, double learning_rate) const {
  UpdateRule<float> rule;
  rule.rate = static_cast<float>(learning_rate);
  rule.momentum = static_cast<float>(options_.momentum);
  rule.nesterov = options_.nesterov;
  if (options_.penalty_step == PenaltyStep::kDirect) {
    rule.direct_l1 = static_cast<float>(options_.l1);
    rule.direct_l2 = static_cast<float>(options_.l2);
  } else {
    // The sum multiplies the whole objective by the size of the batch, the penalty included.
    const double scale =
        options_.reduction == Reduction::kSum ? static_cast<double>(examples) : 1.0;
    rule.l1 = static_cast<float>(scale * options_.l1);
    rule.l2 = static_cast<float>(scale * options_.l2);
  }
  return rule;
}

void Stepper::update_biases(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                            std::size_t layer, Network<float>& network) {
  const MatrixView<float> gradient = gradients_.layers[layer].biases.view();
  sum_rows<float>(deltas, gradient);
  const MatrixView<float> biases = network.layers[layer].biases.view();
  const MatrixView<float> velocity = velocity_.layers[layer].biases.view();
  for (std::size_t j = 0; j < biases.columns(); ++j) {
    apply(rule, gradient(0, j), biases(0, j), velocity(0, j));
  }
}

LossSum Stepper::step(const Batch& batch, double learning_rate, Network<float>& network,
                      ThreadTeam& team) {
  const std::size_t n = batch.rows.size();
  const LossSum sum = pass(batch, network, team);
  const UpdateRule<float> weights_rule = rule(n, learning_rate);
  const UpdateRule<float> biases_rule = without_penalty(weights_rule);
  // All deltas are known by now, from the weights as they were: updating W₂ before the hidden
  // deltas are taken through it is the classic mistake.
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const ConstMatrixView<float> deltas = workspace_.deltas[l].view().rows(0, n);
    const MatrixView<float> weights = network.layers[l].weights.view();
    const MatrixView<float> velocity = velocity_.layers[l].weights.view();
    if (l == 0) {
      first_.update(deltas, weights_rule, weights, velocity, team);
    } else {
      update_weights<float>(workspace_.outputs[l - 1].view().rows(0, n), deltas, weights_rule,
                            weights, velocity, team);
    }
    update_biases(deltas, biases_rule, l, network);
  }
  return sum;
}

const Gradients<float>& Stepper::gradients(const Batch& batch, const Network<float>& network,
                                           ThreadTeam& team) {
  const std::size_t n = batch.rows.size();
  pass(batch, network, team);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const ConstMatrixView<float> deltas = workspace_.deltas[l].view().rows(0, n);
    const MatrixView<float> gradient = gradients_.layers[l].weights.view();
    if (l == 0) {
      // A step of −1 from zero is the gradient itself.
      std::fill_n(gradient.data, gradient.rows() * gradient.stride, 0.0f);
      first_.update(deltas, {.rate = -1}, gradient, {}, team);
    } else {
      weight_gradient<float>(workspace_.outputs[l - 1].view().rows(0, n), deltas, gradient, team);
    }
    sum_rows<float>(deltas, gradients_.layers[l].biases.view());
  }
  return gradients_;
}

}  // namespace deltarule
