#include "deltarule/math/kernels.h"

#include <algorithm>
#include <cassert>

#include "deltarule/math/kernel_table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deltarule/math/kernels.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "deltarule/math/product-inl.h"
// Uses what product-inl.h declares.
#include "deltarule/math/epilogues-inl.h"

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

template <class T>
Left<T> as_is(ConstMatrixView<T> matrix) {
  return {matrix.data, matrix.stride, 1};
}

template <class T>
Left<T> transposed_left(ConstMatrixView<T> matrix) {
  return {matrix.data, 1, matrix.stride};
}

/// The transposed views hand rows of B that are examples: b.rows() is the inner size.
template <class T>
void affine_rows(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
                 Activation activation, MatrixView<T> outputs, RowRange range) {
  multiply_rows(as_is(inputs), weights, BiasAndActivation<T>{biases, activation, outputs},
                range.first, range.end);
}

template <class T>
void propagate_back_rows(ConstMatrixView<T> deltas, ConstMatrixView<T> transposed_weights,
                         ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                         RowRange range) {
  multiply_rows(as_is(deltas), transposed_weights, TimesDerivative<T>{outputs, activation, result},
                range.first, range.end);
}

template <class T>
void weight_gradient_rows(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas,
                          MatrixView<T> gradient, RowRange range) {
  multiply_rows(transposed_left(inputs), deltas, StoreSum<T>{gradient}, range.first, range.end);
}

template <class T>
void update_weights_rows(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas,
                         const UpdateRule<T>& rule, MatrixView<T> weights, MatrixView<T> velocity,
                         RowRange range) {
  const Left<T> left = transposed_left(inputs);
  const auto multiply = [&](const auto& update) {
    multiply_rows(left, deltas, update, range.first, range.end);
  };
  if (rule.momentum != 0) {
    if (rule.has_penalty()) {
      multiply(Update<true, true, T>{rule, weights, velocity});
    } else {
      multiply(Update<true, false, T>{rule, weights, velocity});
    }
  } else if (rule.has_penalty()) {
    multiply(Update<false, true, T>{rule, weights, velocity});
  } else {
    multiply(Update<false, false, T>{rule, weights, velocity});
  }
}

template <class T>
KernelTable<T> table() {
  return {&affine_rows<T>, &propagate_back_rows<T>, &weight_gradient_rows<T>,
          &update_weights_rows<T>};
}

KernelTable<float> float_table() { return table<float>(); }
KernelTable<double> double_table() { return table<double>(); }
const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(float_table);
HWY_EXPORT(double_table);
HWY_EXPORT(target_name);

namespace {

template <class T>
const KernelTable<T>& kernels();

template <>
const KernelTable<float>& kernels() {
  static const KernelTable<float> table = HWY_DYNAMIC_DISPATCH(float_table)();
  return table;
}

template <>
const KernelTable<double>& kernels() {
  static const KernelTable<double> table = HWY_DYNAMIC_DISPATCH(double_table)();
  return table;
}

/// Rows of a result, in one contiguous range per thread. Ranges are whole tiles of 8 rows, so that
/// only the last one has a tile that is not full.
template <class Work>
void for_row_ranges(std::size_t rows, ThreadTeam& team, const Work& work) {
  constexpr std::size_t kTile = 8;
  const std::size_t tiles = (rows + kTile - 1) / kTile;
  const std::size_t parts = std::min<std::size_t>(tiles, static_cast<std::size_t>(team.size()));
  if (parts <= 1) return work(RowRange{0, rows});
  team.run(parts, [&](std::size_t part) {
    work(
        RowRange{tiles * part / parts * kTile, std::min(rows, tiles * (part + 1) / parts * kTile)});
  });
}

}  // namespace

template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs, ThreadTeam& team) {
  assert(inputs.columns() == weights.rows() && inputs.rows() == outputs.rows());
  assert(outputs.columns() == weights.columns() && outputs.stride == weights.stride);
  for_row_ranges(outputs.rows(), team, [&](RowRange range) {
    kernels<T>().affine(inputs, weights, biases, activation, outputs, range);
  });
}

template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> transposed_weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                    ThreadTeam& team) {
  assert(deltas.columns() == transposed_weights.rows() && deltas.rows() == result.rows());
  assert(result.stride == transposed_weights.stride && result.shape == outputs.shape);
  for_row_ranges(result.rows(), team, [&](RowRange range) {
    kernels<T>().propagate_back(deltas, transposed_weights, outputs, activation, result, range);
  });
}

template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient,
                     ThreadTeam& team) {
  assert(inputs.rows() == deltas.rows() && inputs.columns() == gradient.rows());
  assert(gradient.columns() == deltas.columns() && gradient.stride == deltas.stride);
  for_row_ranges(gradient.rows(), team, [&](RowRange range) {
    kernels<T>().weight_gradient(inputs, deltas, gradient, range);
  });
}

template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity, ThreadTeam& team) {
  assert(inputs.rows() == deltas.rows() && inputs.columns() == weights.rows());
  assert(weights.columns() == deltas.columns() && weights.stride == deltas.stride);
  assert(rule.momentum == 0 || velocity.shape == weights.shape);
  for_row_ranges(weights.rows(), team, [&](RowRange range) {
    kernels<T>().update_weights(inputs, deltas, rule, weights, velocity, range);
  });
}

template <class T>
void transpose(ConstMatrixView<T> matrix, MatrixView<T> transposed) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) transposed(j, i) = matrix(i, j);
  }
}

std::string instruction_set() {
  const std::string target = HWY_DYNAMIC_DISPATCH(target_name)();
  return target.starts_with("AVX3") ? "AVX-512" : target;
}

#define DELTARULE_INSTANTIATE(T)                                                               \
  template void affine(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>, Activation, \
                       MatrixView<T>, ThreadTeam&);                                            \
  template void propagate_back(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>,     \
                               Activation, MatrixView<T>, ThreadTeam&);                        \
  template void weight_gradient(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>,         \
                                ThreadTeam&);                                                  \
  template void update_weights(ConstMatrixView<T>, ConstMatrixView<T>, const UpdateRule<T>&,   \
                               MatrixView<T>, MatrixView<T>, ThreadTeam&);                     \
  template void transpose(ConstMatrixView<T>, MatrixView<T>);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
#endif  // HWY_ONCE
