#include "deltarule/network/network.h"

#include <algorithm>
#include <cassert>

#include "deltarule/math/kernels.h"
#include "deltarule/network/loss.h"

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

template <class T>
Workspace<T>::Workspace(const NetworkSpec& spec, std::size_t rows) : capacity(rows) {
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    outputs.emplace_back(Shape{rows, spec.layers[l].units});
    deltas.emplace_back(Shape{rows, spec.layers[l].units});
    transposed_weights.emplace_back(l == 0 ? Shape{}
                                           : Shape{spec.layers[l].units, spec.inputs_of(l)});
  }
}

template <class T>
ConstMatrixView<T> forward(const Network<T>& network, ConstMatrixView<T> inputs,
                           Workspace<T>& workspace, ThreadTeam& team) {
  assert(inputs.rows() <= workspace.capacity && inputs.columns() == network.spec.inputs);
  const Layer<T>& first = network.layers[0];
  affine<T>(inputs, first.weights.view(), first.biases.view(), first.activation,
            workspace.outputs[0].view().rows(0, inputs.rows()), team);
  return forward_from_first(network, inputs.rows(), workspace, team);
}

template <class T>
ConstMatrixView<T> forward_from_first(const Network<T>& network, std::size_t n,
                                      Workspace<T>& workspace, ThreadTeam& team) {
  ConstMatrixView<T> z = workspace.outputs[0].view().rows(0, n);
  for (std::size_t l = 1; l < network.layers.size(); ++l) {
    const Layer<T>& layer = network.layers[l];
    const MatrixView<T> outputs = workspace.outputs[l].view().rows(0, n);
    affine<T>(z, layer.weights.view(), layer.biases.view(), layer.activation, outputs, team);
    z = outputs;
  }
  return z;
}

namespace {

/// δ = (softmax(logits) − T) · scale, with the loss on the way.
template <class T>
LossSum output_deltas(ConstMatrixView<T> logits, std::span<const std::uint16_t> labels, T scale,
                      MatrixView<T> deltas) {
  LossSum sum;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const std::span<const T> row = logits.row(n);
    const std::span<T> delta = deltas.row(n);
    sum.loss += cross_entropy(row, labels[n]);
    sum.correct += std::max_element(row.begin(), row.end()) - row.begin() == labels[n];
    softmax(row, delta);
    delta[labels[n]] -= T{1};
    for (T& d : delta) d *= scale;
  }
  return sum;
}

}  // namespace

template <class T>
LossSum backward(const Network<T>& network, std::span<const std::uint16_t> labels, T scale,
                 Workspace<T>& workspace, ThreadTeam& team) {
  const std::size_t n = labels.size();
  const std::size_t last = network.layers.size() - 1;
  const LossSum sum = output_deltas<T>(workspace.outputs[last].view().rows(0, n), labels, scale,
                                       workspace.deltas[last].view().rows(0, n));
  for (std::size_t l = last; l > 0; --l) {
    const MatrixView<T> transposed = workspace.transposed_weights[l].view();
    transpose<T>(network.layers[l].weights.view(), transposed);
    propagate_back<T>(workspace.deltas[l].view().rows(0, n), transposed,
                      workspace.outputs[l - 1].view().rows(0, n), network.layers[l - 1].activation,
                      workspace.deltas[l - 1].view().rows(0, n), team);
  }
  return sum;
}

template <class T>
void sum_rows(ConstMatrixView<T> deltas, MatrixView<T> sums) {
  std::fill_n(sums.data, sums.columns(), T{0});
  for (std::size_t n = 0; n < deltas.rows(); ++n) {
    for (std::size_t j = 0; j < deltas.columns(); ++j) sums(0, j) += deltas(n, j);
  }
}

template <class T>
void compute_gradients(ConstMatrixView<T> inputs, const Workspace<T>& workspace,
                       Gradients<T>& gradients, ThreadTeam& team) {
  ConstMatrixView<T> z = inputs;
  for (std::size_t l = 0; l < gradients.layers.size(); ++l) {
    const ConstMatrixView<T> deltas = workspace.deltas[l].view().rows(0, inputs.rows());
    weight_gradient<T>(z, deltas, gradients.layers[l].weights.view(), team);
    sum_rows<T>(deltas, gradients.layers[l].biases.view());
    z = workspace.outputs[l].view().rows(0, inputs.rows());
  }
}

#define DELTARULE_INSTANTIATE(T)                                                                 \
  template Network<T> make_zero_network(const NetworkSpec&);                                     \
  template struct Workspace<T>;                                                                  \
  template ConstMatrixView<T> forward(const Network<T>&, ConstMatrixView<T>, Workspace<T>&,      \
                                      ThreadTeam&);                                              \
  template ConstMatrixView<T> forward_from_first(const Network<T>&, std::size_t, Workspace<T>&,  \
                                                 ThreadTeam&);                                   \
  template LossSum backward(const Network<T>&, std::span<const std::uint16_t>, T, Workspace<T>&, \
                            ThreadTeam&);                                                        \
  template void sum_rows(ConstMatrixView<T>, MatrixView<T>);                                     \
  template void compute_gradients(ConstMatrixView<T>, const Workspace<T>&, Gradients<T>&,        \
                                  ThreadTeam&);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
