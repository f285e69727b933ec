#include "deltarule/network/network.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace deltarule {

template <class T>
Network<T> make_zero_network(const NetworkSpec& spec) {
  Network<T> network;
  network.spec = spec;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    const LayerSpec& layer = spec.layers[l];
    network.layers.push_back({Matrix<T>(Shape{spec.inputs_of(l), layer.units}),
                              Matrix<T>(Shape{1, layer.units}), layer.activation});
  }
  return network;
}

namespace {

void widen(const Matrix<float>& from, Matrix<double>& to) {
  for (std::size_t i = 0; i < from.rows(); ++i) {
    for (std::size_t j = 0; j < from.columns(); ++j) to(i, j) = from(i, j);
  }
}

}  // namespace

Network<double> to_double(const Network<float>& network) {
  Network<double> result = make_zero_network<double>(network.spec);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    widen(network.layers[l].weights, result.layers[l].weights);
    widen(network.layers[l].biases, result.layers[l].biases);
  }
  return result;
}

namespace {

/// Blocks of hidden units: at least two of the widest vectors, and not more than kMostBlocks, since
/// all of them are summed for the logits.
constexpr std::size_t kLeastBlock = 32;
constexpr std::size_t kMostBlocks = 32;

std::size_t block_of(std::size_t units) {
  return kLeastBlock * ((units + kLeastBlock * kMostBlocks - 1) / (kLeastBlock * kMostBlocks));
}

std::size_t blocks_of(std::size_t units) { return (units + block_of(units) - 1) / block_of(units); }

}  // namespace

Range units_of(std::size_t units, const Member& member) {
  const Range blocks = member.share(blocks_of(units));
  if (blocks.size() == 0) return {};
  return {std::min(units, blocks.first * block_of(units)),
          std::min(units, blocks.end * block_of(units))};
}

int most_members(const NetworkSpec& spec) {
  if (spec.layers.size() == 1) return 1;
  return static_cast<int>(blocks_of(spec.layers[spec.layers.size() - 2].units));
}

template <class T>
Workspace<T>::Workspace(const NetworkSpec& spec, std::size_t rows, int members) : capacity(rows) {
  std::size_t most_terms = std::max(rows, spec.inputs);
  for (std::size_t l = 0; l + 1 < spec.layers.size(); ++l) {
    outputs.emplace_back(Shape{rows, spec.layers[l].units});
    deltas.emplace_back(Shape{rows, spec.layers[l].units});
    most_terms = std::max(most_terms, spec.layers[l].units);
  }
  const std::size_t classes = spec.classes();
  most_terms = std::max(most_terms, classes);
  if (!outputs.empty()) {
    const std::size_t blocks = blocks_of(outputs.back().columns());
    for (Matrix<T>& partial : partial_logits) partial = Matrix<T>(Shape{blocks * rows, classes});
  }
  zeros = Matrix<T>(Shape{1, classes});
  for (int i = 0; i < members; ++i) {
    own.push_back({Matrix<T>(Shape{rows, classes}), Matrix<T>(Shape{rows, classes}),
                   Matrix<T>(Shape{2, rows}), make_panel<T>(most_terms)});
  }
}

namespace {

template <class T>
typename Workspace<T>::Own& own_of(Workspace<T>& workspace, const Member& member) {
  return workspace.own[static_cast<std::size_t>(member.index)];
}

template <class T>
void affine_of_own_units(const Layer<T>& layer, ConstMatrixView<T> inputs, MatrixView<T> outputs,
                         Workspace<T>& workspace, const Member& member) {
  affine<T>(inputs, own_units(layer.weights.view(), member), own_units(layer.biases.view(), member),
            layer.activation, own_units(outputs, member), own_of(workspace, member).panel.view());
}

/// Of each block of own units in the last hidden layer, the product with its rows of the output
/// layer's weights; the first block begins at the biases.
template <class T>
void multiply_blocks(const Layer<T>& layer, ConstMatrixView<T> inputs, Workspace<T>& workspace,
                     MatrixView<T> partial, const Member& member) {
  const std::size_t block = block_of(inputs.columns());
  const Range units = units_of(inputs.columns(), member);
  for (std::size_t first = units.first; first < units.end; first += block) {
    const std::size_t size = std::min(block, units.end - first);
    const ConstMatrixView<T> part = {inputs.data + first, {inputs.rows(), size}, inputs.stride};
    const MatrixView<T> result = partial.rows(first / block * workspace.capacity, inputs.rows());
    affine<T>(part, layer.weights.view().rows(first, size),
              first == 0 ? layer.biases.view() : std::as_const(workspace.zeros).view(),
              Activation::kIdentity, result, own_of(workspace, member).panel.view());
  }
}

/// logits = Σ of the blocks, in their order.
template <class T>
void add_blocks(ConstMatrixView<T> partial, std::size_t capacity, MatrixView<T> logits) {
  for (std::size_t n = 0; n < logits.rows(); ++n) {
    T* sum = logits.row_data(n);
    std::copy_n(partial.row_data(n), logits.stride, sum);
    for (std::size_t row = capacity + n; row < partial.rows(); row += capacity) {
      const T* term = partial.row_data(row);
      for (std::size_t k = 0; k < logits.stride; ++k) sum[k] += term[k];
    }
  }
}

}  // namespace

template <class T>
MatrixView<T> first_outputs(Workspace<T>& workspace, std::size_t n, const Member& member) {
  Matrix<T>& outputs =
      workspace.outputs.empty() ? own_of(workspace, member).logits : workspace.outputs[0];
  return outputs.view().rows(0, n);
}

template <class T>
ConstMatrixView<T> inputs_of_layer(const Workspace<T>& workspace, std::size_t layer,
                                   std::size_t n) {
  return workspace.outputs[layer - 1].view().rows(0, n);
}

template <class T>
ConstMatrixView<T> deltas_of_layer(const Workspace<T>& workspace, std::size_t layer, std::size_t n,
                                   const Member& member) {
  const bool hidden = layer < workspace.deltas.size();
  const auto& own = workspace.own[static_cast<std::size_t>(member.index)];
  return (hidden ? workspace.deltas[layer] : own.deltas).view().rows(0, n);
}

template <class T>
ConstMatrixView<T> forward(const Network<T>& network, ConstMatrixView<T> inputs,
                           Workspace<T>& workspace, const Member& member) {
  assert(inputs.rows() <= workspace.capacity && inputs.columns() == network.spec.inputs);
  const Layer<T>& first = network.layers[0];
  const MatrixView<T> outputs = first_outputs(workspace, inputs.rows(), member);
  affine_of_own_units(first, inputs, outputs, workspace, member);
  return forward_from_first(network, inputs.rows(), workspace, member);
}

template <class T>
ConstMatrixView<T> forward_from_first(const Network<T>& network, std::size_t n,
                                      Workspace<T>& workspace, const Member& member) {
  const std::size_t last = network.layers.size() - 1;
  auto& own = own_of(workspace, member);
  const MatrixView<T> logits = own.logits.view().rows(0, n);
  if (last == 0) return logits;
  for (std::size_t l = 1; l < last; ++l) {
    member.wait();  // for all units of the layer below
    affine_of_own_units<T>(network.layers[l], inputs_of_layer(workspace, l, n),
                           workspace.outputs[l].view().rows(0, n), workspace, member);
  }
  const MatrixView<T> partial = workspace.partial_logits[own.passes++ % 2].view();
  multiply_blocks(network.layers[last], inputs_of_layer(workspace, last, n), workspace, partial,
                  member);
  member.wait();  // for all blocks
  add_blocks<T>(partial, workspace.capacity, logits);
  return logits;
}

template <class T>
LossSum backward(const Network<T>& network, std::span<const std::uint16_t> labels, T scale,
                 Workspace<T>& workspace, const Member& member) {
  const std::size_t n = labels.size(), last = network.layers.size() - 1;
  auto& own = own_of(workspace, member);
  const LossSum sum = softmax_loss<T>(own.logits.view().rows(0, n), labels, scale,
                                      own.deltas.view().rows(0, n), own.losses.view());
  for (std::size_t l = last; l > 0; --l) {
    if (l < last) member.wait();  // for all deltas of the layer above
    // The units below are rows of these weights.
    const Range units = units_of(network.spec.inputs_of(l), member);
    propagate_back<T>(
        deltas_of_layer(workspace, l, n, member),
        network.layers[l].weights.view().rows(units.first, units.size()),
        own_units(inputs_of_layer(workspace, l, n), member), network.layers[l - 1].activation,
        own_units(workspace.deltas[l - 1].view().rows(0, n), member), own.panel.view());
  }
  return sum;
}

template <class T>
void compute_gradients(ConstMatrixView<T> inputs, Workspace<T>& workspace,
                       Gradients<T>& gradients) {
  const std::size_t n = inputs.rows();
  const MatrixView<T> panel = workspace.own[0].panel.view();
  for (std::size_t l = 0; l < gradients.layers.size(); ++l) {
    const ConstMatrixView<T> deltas = deltas_of_layer<T>(workspace, l, n);
    Layer<T>& layer = gradients.layers[l];
    weight_gradient<T>(l == 0 ? inputs : inputs_of_layer(workspace, l, n), deltas,
                       layer.weights.view(), panel);
    sum_rows<T>(deltas, layer.biases.view());
  }
}

#define DELTARULE_INSTANTIATE(T)                                                                 \
  template Network<T> make_zero_network(const NetworkSpec&);                                     \
  template struct Workspace<T>;                                                                  \
  template MatrixView<T> first_outputs(Workspace<T>&, std::size_t, const Member&);               \
  template ConstMatrixView<T> inputs_of_layer(const Workspace<T>&, std::size_t, std::size_t);    \
  template ConstMatrixView<T> deltas_of_layer(const Workspace<T>&, std::size_t, std::size_t,     \
                                              const Member&);                                    \
  template ConstMatrixView<T> forward(const Network<T>&, ConstMatrixView<T>, Workspace<T>&,      \
                                      const Member&);                                            \
  template ConstMatrixView<T> forward_from_first(const Network<T>&, std::size_t, Workspace<T>&,  \
                                                 const Member&);                                 \
  template LossSum backward(const Network<T>&, std::span<const std::uint16_t>, T, Workspace<T>&, \
                            const Member&);                                                      \
  template void compute_gradients(ConstMatrixView<T>, Workspace<T>&, Gradients<T>&);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
