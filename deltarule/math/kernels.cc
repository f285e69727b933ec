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
// Use what product-inl.h declares.
#include "deltarule/math/epilogues-inl.h"
#include "deltarule/math/softmax-inl.h"

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

template <class T>
void affine_kernel(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
                   Activation activation, MatrixView<T> outputs, MatrixView<T> panel) {
  multiply(as_is(inputs), Right<T>{weights, panel},
           BiasAndActivation<T>{{}, biases, activation, outputs}, outputs.rows(),
           outputs.padded_columns());
}

template <class T>
void propagate_back_kernel(ConstMatrixView<T> deltas, ConstMatrixView<T> weights,
                           ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                           MatrixView<T> panel) {
  multiply(as_is(deltas), TransposedRight<T>{weights, panel},
           TimesDerivative<T>{{}, outputs, activation, result}, result.rows(),
           result.padded_columns());
}

template <class T>
void weight_gradient_kernel(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas,
                            MatrixView<T> gradient, MatrixView<T> panel) {
  multiply(transposed_left(inputs), Right<T>{deltas, panel}, StoreSum<T>{{}, gradient},
           gradient.rows(), gradient.padded_columns());
}

template <class T>
void update_weights_kernel(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas,
                           const UpdateRule<T>& rule, MatrixView<T> weights, MatrixView<T> velocity,
                           MatrixView<T> panel) {
  with_update(rule, weights, velocity, [&](const auto& update) {
    multiply(transposed_left(inputs), Right<T>{deltas, panel}, update, weights.rows(),
             weights.padded_columns());
  });
}

template <class T>
void sum_rows_kernel(ConstMatrixView<T> matrix, MatrixView<T> sums) {
  const Tag<T> d;
  for (std::size_t column = 0; column < sums.padded_columns(); column += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (std::size_t n = 0; n < matrix.rows(); ++n) {
      sum = hn::Add(sum, hn::Load(d, matrix.row_data(n) + column));
    }
    hn::Store(sum, d, sums.data + column);
  }
}

template <class T>
KernelTable<T> table() {
  return {&affine_kernel<T>,         &propagate_back_kernel<T>, &weight_gradient_kernel<T>,
          &update_weights_kernel<T>, &sum_rows_kernel<T>,       &softmax_loss_kernel<T>};
}

KernelTable<float> float_table() { return table<float>(); }
KernelTable<double> double_table() { return table<double>(); }

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(float_table);
HWY_EXPORT(double_table);

namespace {

template <class T>
KernelTable<T> kernels();

template <>
KernelTable<float> kernels() {
  return HWY_DYNAMIC_DISPATCH(float_table)();
}

template <>
KernelTable<double> kernels() {
  return HWY_DYNAMIC_DISPATCH(double_table)();
}

/// A panel must hold what a product may lay out in it.
template <class T>
[[maybe_unused]] bool holds(const MatrixView<T>& panel, std::size_t inner) {
  return panel.rows() >= inner && panel.stride * sizeof(T) == 128;
}

}  // namespace

template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs, MatrixView<T> panel) {
  assert(inputs.columns() == weights.rows() && inputs.rows() == outputs.rows());
  assert(outputs.columns() == weights.columns() && biases.columns() == weights.columns());
  assert(holds(panel, weights.rows()));
  kernels<T>().affine(inputs, weights, biases, activation, outputs, panel);
}

template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                    MatrixView<T> panel) {
  assert(deltas.columns() == weights.columns() && deltas.rows() == result.rows());
  assert(result.columns() == weights.rows() && result.shape == outputs.shape);
  assert(holds(panel, weights.columns()));
  kernels<T>().propagate_back(deltas, weights, outputs, activation, result, panel);
}

template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient,
                     MatrixView<T> panel) {
  assert(inputs.rows() == deltas.rows() && inputs.columns() == gradient.rows());
  assert(gradient.columns() == deltas.columns() && holds(panel, inputs.rows()));
  kernels<T>().weight_gradient(inputs, deltas, gradient, panel);
}

template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity, MatrixView<T> panel) {
  assert(inputs.rows() == deltas.rows() && inputs.columns() == weights.rows());
  assert(weights.columns() == deltas.columns());
  assert(rule.momentum == 0 || velocity.shape == weights.shape);
  assert(holds(panel, inputs.rows()));
  kernels<T>().update_weights(inputs, deltas, rule, weights, velocity, panel);
}

template <class T>
void sum_rows(ConstMatrixView<T> matrix, MatrixView<T> sums) {
  assert(sums.columns() == matrix.columns());
  kernels<T>().sum_rows(matrix, sums);
}

template <class T>
LossSum softmax_loss(ConstMatrixView<T> logits, std::span<const std::uint16_t> labels, T scale,
                     MatrixView<T> deltas, MatrixView<T> losses) {
  assert(labels.size() == logits.rows() && losses.columns() >= logits.rows());
  assert(deltas.data == nullptr || deltas.shape == logits.shape);
  return kernels<T>().softmax_loss(logits, labels, scale, deltas, losses);
}

#define DELTARULE_INSTANTIATE(T)                                                               \
  template void affine(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>, Activation, \
                       MatrixView<T>, MatrixView<T>);                                          \
  template void propagate_back(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>,     \
                               Activation, MatrixView<T>, MatrixView<T>);                      \
  template void weight_gradient(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>,         \
                                MatrixView<T>);                                                \
  template void update_weights(ConstMatrixView<T>, ConstMatrixView<T>, const UpdateRule<T>&,   \
                               MatrixView<T>, MatrixView<T>, MatrixView<T>);                   \
  template void sum_rows(ConstMatrixView<T>, MatrixView<T>);                                   \
  template LossSum softmax_loss(ConstMatrixView<T>, std::span<const std::uint16_t>, T,         \
                                MatrixView<T>, MatrixView<T>);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
#endif  // HWY_ONCE
