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
#include "deltarule/math/kernels.h"
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

/// The units of a layer that one member of a team computes, in whole blocks of a fixed size: the
/// logits are summed block by block, so they do not depend on how many members there are.
Range units_of(std::size_t units, const Member& member);

/// Of a matrix with a column for each unit, the columns of those.
template <class T>
MatrixView<T> own_units(const MatrixView<T>& matrix, const Member& member) {
  const Range units = units_of(matrix.columns(), member);
  return matrix.columns(units.first, units.size());
}

/// More members than this have nothing to do in a pass; 1 where there is no hidden layer.
int most_members(const NetworkSpec& spec);

/// What a pass over up to `capacity` examples computes.
template <class T>
struct Workspace {
  /// What one member keeps to itself, so that members meet once in a pass through one hidden layer.
  struct alignas(128) Own {
    Matrix<T> logits;  ///< (capacity, classes)
    Matrix<T> deltas;  ///< ∂(summed loss)/∂logits
    Matrix<T> losses;  ///< (2, capacity); the first row holds the examples' losses
    Matrix<T> panel;   ///< scratch of products
    std::size_t passes = 0;
  };

  Workspace(const NetworkSpec& spec, std::size_t capacity, int members = 1);

  std::size_t capacity;
  std::vector<Matrix<T>> outputs;  ///< Z_l (capacity, units) of each hidden layer
  std::vector<Matrix<T>> deltas;  ///< ∂(summed loss)/∂A_l (capacity, units) of each hidden layer
  /// Σ over a block of the last hidden layer's units, block under block (blocks · capacity,
  /// classes). Two, taken in turn: some members may be a pass ahead of others.
  Matrix<T> partial_logits[2];
  Matrix<T> zeros;  ///< (1, classes)
  std::vector<Own> own;
};

/// Where the first layer's outputs go: Z_1, or the logits if it is the only layer.
template <class T>
MatrixView<T> first_outputs(Workspace<T>& workspace, std::size_t n, const Member& member);

// Each member of a team calls what follows with the same arguments; by default there is one.

/// Fills the workspace for the rows of `inputs` (n, in), n ≤ capacity. Returns the logits.
template <class T>
ConstMatrixView<T> forward(const Network<T>& network, ConstMatrixView<T> inputs,
                           Workspace<T>& workspace, const Member& member = {});

/// The rest of `forward` when the first layer's outputs are there for n examples.
template <class T>
ConstMatrixView<T> forward_from_first(const Network<T>& network, std::size_t n,
                                      Workspace<T>& workspace, const Member& member = {});

/// After `forward`: the deltas of the loss summed over the rows, times `scale` (1/n for the mean).
/// δ_out = (Y − T)·scale; δ_l = (δ_{l+1} W_{l+1}) ⊙ g′(A_l).
/// Returns the cross-entropy summed over rows, and how many rows the network has right, unscaled.
template <class T>
LossSum backward(const Network<T>& network, std::span<const std::uint16_t> labels, T scale,
                 Workspace<T>& workspace, const Member& member = {});

/// After `backward`: the inputs of layer l > 0, the deltas of any layer, for n examples.
template <class T>
ConstMatrixView<T> inputs_of_layer(const Workspace<T>& workspace, std::size_t layer, std::size_t n);
template <class T>
ConstMatrixView<T> deltas_of_layer(const Workspace<T>& workspace, std::size_t layer, std::size_t n,
                                   const Member& member = {});

/// ∂loss/∂W and ∂loss/∂b in the shapes of a network.
template <class T>
using Gradients = Network<T>;

/// After `backward`: dW_l = δ_lᵀ Z_{l−1}, db_l = Σ δ_l.
template <class T>
void compute_gradients(ConstMatrixView<T> inputs, Workspace<T>& workspace, Gradients<T>& gradients);

}  // namespace deltarule
