// A multilayer perceptron: its parameters, the pass forward and the pass backward.
//
// For layer l with inputs Z_{l−1} (n, in):  A = Z_{l−1} Wᵀ + b,  Z_l = g(A). The last layer's A are
// the logits of a softmax with cross-entropy. W is (out, in) in formulas and in files; in memory
// its transpose (in, out) is kept, because the kernels run along a layer's units.
//
// A Network is const while it is used; what a pass computes lies in the caller's Workspace, so any
// number of threads may share one network. T is float for training and double for checking.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/base/threads.h"
#include "deltarule/math/matrix.h"
#include "deltarule/network/spec.h"

namespace deltarule {

template <class T>
struct Layer {
  Matrix<T> weights;  ///< (in, out)
  Matrix<T> biases;   ///< (1, out)
  Activation activation = Activation::kIdentity;
};

template <class T>
struct Network {
  NetworkSpec spec;
  std::vector<Layer<T>> layers;
};

/// All parameters zero.
template <class T>
Network<T> make_zero_network(const NetworkSpec& spec);

Network<double> to_double(const Network<float>& network);

/// What a pass over up to `capacity` examples computes.
template <class T>
struct Workspace {
  Workspace(const NetworkSpec& spec, std::size_t capacity);

  std::size_t capacity;
  std::vector<Matrix<T>> outputs;             ///< Z_l (capacity, units); logits for the last layer
  std::vector<Matrix<T>> deltas;              ///< ∂(summed loss)/∂A_l (capacity, units)
  std::vector<Matrix<T>> transposed_weights;  ///< (out, in) of each layer but the first
};

/// Fills workspace.outputs for the rows of `inputs` (n, in), n ≤ capacity. Returns the logits.
template <class T>
ConstMatrixView<T> forward(const Network<T>& network, ConstMatrixView<T> inputs,
                           Workspace<T>& workspace, ThreadTeam& team);

/// The rest of `forward` when workspace.outputs[0] holds the first layer's outputs for n examples.
template <class T>
ConstMatrixView<T> forward_from_first(const Network<T>& network, std::size_t n,
                                      Workspace<T>& workspace, ThreadTeam& team);

/// After `forward`: workspace.deltas of the loss summed over the rows, times `scale` (1/n for the
/// mean). δ_out = (Y − T)·scale; δ_l = (δ_{l+1} W_{l+1}) ⊙ g′(A_l).
/// Returns the cross-entropy summed over rows, and how many rows the network has right, unscaled.
struct LossSum {
  double loss = 0;
  std::size_t correct = 0;
};
template <class T>
LossSum backward(const Network<T>& network, std::span<const std::uint16_t> labels, T scale,
                 Workspace<T>& workspace, ThreadTeam& team);

/// sums(0, j) = Σ_n deltas(n, j), in the order of n: db of one layer.
template <class T>
void sum_rows(ConstMatrixView<T> deltas, MatrixView<T> sums);

/// ∂loss/∂W and ∂loss/∂b in the shapes of a network.
template <class T>
using Gradients = Network<T>;

/// After `backward`: dW_l = δ_lᵀ Z_{l−1}, db_l = Σ δ_l.
template <class T>
void compute_gradients(ConstMatrixView<T> inputs, const Workspace<T>& workspace,
                       Gradients<T>& gradients, ThreadTeam& team);

}  // namespace deltarule
