// The kernels of one instruction set, as a table. Internal to math/; the contracts are those of
// kernels.h.
#pragma once

#include "deltarule/math/kernels.h"

namespace deltarule {

template <class T>
struct KernelTable {
  using In = ConstMatrixView<T>;
  using Out = MatrixView<T>;
  void (*affine)(In inputs, In weights, In biases, Activation, Out outputs, Out panel);
  void (*propagate_back)(In deltas, In weights, In outputs, Activation, Out result, Out panel);
  void (*weight_gradient)(In inputs, In deltas, Out gradient, Out panel);
  void (*update_weights)(In inputs, In deltas, const UpdateRule<T>&, Out weights, Out velocity,
                         Out panel);
  void (*sum_rows)(In matrix, Out sums);
  LossSum (*softmax_loss)(In logits, std::span<const std::uint16_t> labels, T scale, Out deltas,
                          Out losses);
};

}  // namespace deltarule
