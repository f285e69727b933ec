// The products of a network for one example at a time, where what counts is how long one takes.
//
// A row has nobody to share a load of W with, so the speed is that at which W comes out of the
// cache: sums stay in registers, and rows of W that would be multiplied by 0 are not touched. Sums
// are formed in another order than in kernels.h; results agree up to rounding.
//
// Views are whole rows of a `Matrix`, padding included (see matrix.h); in and out are the units of
// the layer before and of the layer. Nothing is allocated; any number of threads may call.
#pragma once

#include <cstdint>
#include <span>

#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"

namespace deltarule {

/// What surrounds the sum over inputs: (1, out) each.
struct RowOutput {
  ConstMatrixView<float> biases;
  Activation activation;
  MatrixView<float> outputs;
};

/// outputs = g(inputs · weights + biases), with inputs (1, in) and weights (in, out).
void row_affine(ConstMatrixView<float> inputs, ConstMatrixView<float> weights,
                const RowOutput& output);

/// A row of bytes p that enters as x = p · scale − shift.
struct LitRow {
  std::span<const std::uint8_t> bytes;    ///< in
  std::span<const std::uint32_t> places;  ///< of the bytes that are not 0
  float scale, shift;
};

/// outputs = g(x · weights + biases) = g(scale · (p · weights) − shift · row_sum + biases), which
/// multiplies lit bytes only; row_sum (1, out) is the sum of the rows of weights.
void lit_row_affine(const LitRow& row, ConstMatrixView<float> weights,
                    ConstMatrixView<float> row_sum, const RowOutput& output);

}  // namespace deltarule
