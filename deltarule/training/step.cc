#include "deltarule/training/step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "deltarule/math/kernels.h"

namespace deltarule {

namespace {

std::size_t batch_of(const RunOptions& options) { return static_cast<std::size_t>(options.batch); }

void copy(ConstMatrixView<float> from, MatrixView<float> to) {
  for (std::size_t i = 0; i < from.rows(); ++i) {
    std::copy_n(from.row_data(i), from.columns(), to.row_data(i));
  }
}

}  // namespace

Stepper::Stepper(const NetworkSpec& spec, const RunOptions& options, int members)
    : options_(options),
      first_(spec, batch_of(options), members),
      workspace_(spec, batch_of(options), members),
      own_(static_cast<std::size_t>(members)),
      velocity_(make_zero_network<float>(spec)),
      gradients_(make_zero_network<float>(spec)) {
  for (const Layer<float>& layer : gradients_.layers) bias_sums_.push_back(layer.biases);
  const Shape first = {spec.inputs, spec.layers[0].units};
  for (int i = 0; i < members; ++i) {
    Own& own = own_[static_cast<std::size_t>(i)];
    own.labels.resize(batch_of(options));
    if (members == 1) continue;
    const std::size_t units = units_of(first.columns, {i, members}).size();
    own.weights = Matrix<float>({first.rows, units});
    own.velocity = Matrix<float>({first.rows, units});
  }
}

void Stepper::take(const Network<float>& network, const Member& member) {
  if (member.count == 1) return;
  copy(own_units(network.layers[0].weights.view(), member), own_of(member).weights.view());
}

void Stepper::give_back(Network<float>& network, const Member& member) const {
  if (member.count == 1) return;
  copy(own_[static_cast<std::size_t>(member.index)].weights.view(),
       own_units(network.layers[0].weights.view(), member));
}

LossSum Stepper::pass(const Batch& batch, const Network<float>& network, const Member& member) {
  const std::size_t n = batch.rows.size();
  assert(n > 0 && n <= workspace_.capacity);
  assert(member.count == static_cast<int>(own_.size()));
  Own& own = own_of(member);
  for (std::size_t i = 0; i < n; ++i) own.labels[i] = batch.data.labels[batch.rows[i]];
  const Layer<float>& first = network.layers[0];
  const ConstMatrixView<float> weights =
      member.count == 1 ? first.weights.view() : std::as_const(own.weights).view();
  first_.load(batch, member);
  first_.forward(weights, own_units(first.biases.view(), member), first.activation,
                 own_units(first_outputs(workspace_, n, member), member), member);
  forward_from_first(network, n, workspace_, member);
  const float scale = options_.reduction == Reduction::kMean ? 1.0f / static_cast<float>(n) : 1.0f;
  return backward<float>(network, std::span(own.labels).first(n), scale, workspace_, member);
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

LossSum Stepper::step(const Batch& batch, double learning_rate, Network<float>& network,
                      const Member& member) {
  const LossSum sum = pass(batch, network, member);
  // All deltas are known by now, from the weights as they were: updating W₂ before the hidden
  // deltas are taken through it is the classic mistake.
  Own& own = own_of(member);
  const bool alone = member.count == 1;
  update(batch.rows.size(), rule(batch.rows.size(), learning_rate),
         {alone ? network.layers[0].weights.view() : own.weights.view(),
          alone ? velocity_.layers[0].weights.view() : own.velocity.view(), network},
         member);
  return sum;
}

const Gradients<float>& Stepper::gradients(const Batch& batch, const Network<float>& network,
                                           const Member& member) {
  pass(batch, network, member);
  if (member.index == 0) {
    for (Layer<float>& layer : gradients_.layers) {
      fill(layer.weights.view(), 0.0f);
      fill(layer.biases.view(), 0.0f);
    }
  }
  member.wait();
  // A step of −1 from zero is the gradient itself.
  update(batch.rows.size(), {.rate = -1},
         {own_units(gradients_.layers[0].weights.view(), member), {}, gradients_}, member);
  member.wait();
  return gradients_;
}

void Stepper::update(std::size_t examples, const UpdateRule<float>& rule, const Target& target,
                     const Member& member) {
  std::vector<Layer<float>>& layers = target.network.layers;
  const std::size_t last = layers.size() - 1;
  // Where members read what others own, they have done so before it changes.
  const bool shares_hidden_layers = last > 1;
  if (shares_hidden_layers) member.wait();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (l > 0 && l == last) {
      update_output(examples, rule, layers[l], member);
      continue;
    }
    const ConstMatrixView<float> deltas =
        own_units(deltas_of_layer(workspace_, l, examples, member), member);
    if (l == 0) {
      first_.update(deltas, rule, target.first_weights, target.first_velocity, member);
    } else {
      update_weights<float>(inputs_of_layer(workspace_, l, examples), deltas, rule,
                            own_units(layers[l].weights.view(), member),
                            own_units(velocity_.layers[l].weights.view(), member),
                            panel_of(member));
    }
    update_biases(l, deltas, rule, units_of(layers[l].biases.columns(), member), layers[l]);
  }
  if (shares_hidden_layers) member.wait();
}

/// The output layer is divided by the units below it, whose rows of weights nobody else reads. Its
/// biases belong to the owner of the first of them.
void Stepper::update_output(std::size_t examples, const UpdateRule<float>& rule,
                            Layer<float>& layer, const Member& member) {
  const std::size_t l = workspace_.outputs.size();
  const ConstMatrixView<float> deltas = deltas_of_layer(workspace_, l, examples, member);
  const Range units = units_of(layer.weights.rows(), member);
  update_weights<float>(own_units(inputs_of_layer(workspace_, l, examples), member), deltas, rule,
                        layer.weights.view().rows(units.first, units.size()),
                        velocity_.layers[l].weights.view().rows(units.first, units.size()),
                        panel_of(member));
  const bool owns_first = units.first == 0 && units.size() > 0;
  if (owns_first) update_biases(l, deltas, rule, {0, layer.biases.columns()}, layer);
}

void Stepper::update_biases(std::size_t l, ConstMatrixView<float> deltas,
                            const UpdateRule<float>& rule, Range units, Layer<float>& layer) {
  sum_rows<float>(deltas, bias_sums_[l].view().columns(units.first, units.size()));
  const UpdateRule<float> biases_rule = without_penalty(rule);
  for (std::size_t j = units.first; j < units.end; ++j) {
    apply(biases_rule, bias_sums_[l](0, j), layer.biases(0, j), velocity_.layers[l].biases(0, j));
  }
}

int useful_members(const NetworkSpec& spec, std::size_t batch, int threads) {
  constexpr double kLeastWork = 4e6;  // multiplications and additions, some tens of microseconds
  double work = 0;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    work += 4 * static_cast<double>(spec.inputs_of(l) * spec.layers[l].units * batch);
  }
  const int most = std::min(threads, most_members(spec));
  return static_cast<int>(std::clamp(work / kLeastWork, 1.0, static_cast<double>(most)));
}

}  // namespace deltarule
