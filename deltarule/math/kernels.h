// The products of a network, with what follows them fused in.
//
// One source for every instruction set, compiled for each and chosen when the program runs (Google
// Highway). Every element of a result is one sum in the order of its inner index, kept in one
// accumulator, so its bits depend neither on how the work is tiled nor on who does which columns.
//
// A kernel runs on the thread that calls it; threads share a product by taking columns of it each
// (`MatrixView::columns`). T is float or double; n is the number of examples, in and out are the
// units of a layer and of the one before. `reference.h` has the same functions as plain loops and
// defines what is correct.
#pragma once

#include <cstdint>
#include <span>

#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"
#include "deltarule/math/update_rule.h"

namespace deltarule {

/// Scratch of one thread: a wide or transposed matrix is laid out in it two vectors at a time, so
/// that memory is read in a row. For products with up to `inner` terms.
template <class T>
Matrix<T> make_panel(std::size_t inner) {
  return Matrix<T>(Shape{inner, 2 * kLineBytes / sizeof(T)});
}

/// outputs = g(inputs · weights + biases): (n, out) from (n, in), (in, out) and (1, out).
template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs, MatrixView<T> panel);

/// result = (deltas · weightsᵀ) ⊙ g′, g′ from outputs = g(a): (n, in) from (n, out), (in, out) and
/// (n, in).
template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                    MatrixView<T> panel);

/// gradient = inputsᵀ · deltas: (in, out) from (n, in) and (n, out).
template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient,
                     MatrixView<T> panel);

/// One step of `rule` on weights and velocity (in, out) with the gradient inputsᵀ · deltas, which
/// is never stored. Without momentum, velocity is not touched and may be empty.
template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity, MatrixView<T> panel);

/// sums(0, j) = Σ_n matrix(n, j), in the order of n.
template <class T>
void sum_rows(ConstMatrixView<T> matrix, MatrixView<T> sums);

/// The cross-entropy summed over examples, and how many of them the network has right.
struct LossSum {
  double loss = 0;
  std::size_t correct = 0;
};

/// Softmax with cross-entropy, computed stably from logits (n, classes):
///   losses(0, n) = log Σ exp(a − max a) + max a − a[label],
///   deltas = (softmax(logits) − T) · scale,   not computed if `deltas` is empty.
/// `losses` is (2, at least n); its second row is scratch. An example counts as right if its label
/// is the first of its greatest logits.
template <class T>
LossSum softmax_loss(ConstMatrixView<T> logits, std::span<const std::uint16_t> labels, T scale,
                     MatrixView<T> deltas, MatrixView<T> losses);

}  // namespace deltarule
