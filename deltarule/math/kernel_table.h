// The kernels of one instruction set, as a table. Internal to math/.
//
// Each function does rows [first, end) of its result, for one thread; the contracts are those of
// kernels.h.
#pragma once

#include <cstddef>

#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"
#include "deltarule/math/update_rule.h"

namespace deltarule {

struct RowRange {
  std::size_t first, end;
};

template <class T>
struct KernelTable {
  using In = ConstMatrixView<T>;
  using Out = MatrixView<T>;
  void (*affine)(In inputs, In weights, In biases, Activation, Out outputs, RowRange);
  void (*propagate_back)(In deltas, In transposed_weights, In outputs, Activation, Out result,
                         RowRange);
  void (*weight_gradient)(In inputs, In deltas, Out gradient, RowRange);
  void (*update_weights)(In inputs, In deltas, const UpdateRule<T>&, Out weights, Out velocity,
                         RowRange);
};

}  // namespace deltarule
