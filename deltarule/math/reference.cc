#include "deltarule/math/reference.h"

namespace deltarule::reference {
namespace {

template <class T>
T gradient_at(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, std::size_t i, std::size_t j) {
  T sum = 0;
  for (std::size_t n = 0; n < inputs.rows(); ++n) sum += inputs(n, i) * deltas(n, j);
  return sum;
}

}  // namespace

template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs) {
  for (std::size_t n = 0; n < outputs.rows(); ++n) {
    for (std::size_t j = 0; j < outputs.columns(); ++j) {
      T a = biases(0, j);
      for (std::size_t i = 0; i < inputs.columns(); ++i) a += inputs(n, i) * weights(i, j);
      outputs(n, j) = activate(activation, a);
    }
  }
}

template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result) {
  for (std::size_t n = 0; n < result.rows(); ++n) {
    for (std::size_t i = 0; i < result.columns(); ++i) {
      T sum = 0;
      for (std::size_t j = 0; j < deltas.columns(); ++j) {
        sum += deltas(n, j) * weights(i, j);
      }
      result(n, i) = sum * derivative_from_output(activation, outputs(n, i));
    }
  }
}

template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient) {
  for (std::size_t i = 0; i < gradient.rows(); ++i) {
    for (std::size_t j = 0; j < gradient.columns(); ++j) {
      gradient(i, j) = gradient_at(inputs, deltas, i, j);
    }
  }
}

template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity) {
  for (std::size_t i = 0; i < weights.rows(); ++i) {
    for (std::size_t j = 0; j < weights.columns(); ++j) {
      T unused = 0;
      T& v = rule.momentum != 0 ? velocity(i, j) : unused;
      apply(rule, gradient_at(inputs, deltas, i, j), weights(i, j), v);
    }
  }
}

#define DELTARULE_INSTANTIATE(T)                                                               \
  template void affine(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>, Activation, \
                       MatrixView<T>);                                                         \
  template void propagate_back(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>,     \
                               Activation, MatrixView<T>);                                     \
  template void weight_gradient(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>);        \
  template void update_weights(ConstMatrixView<T>, ConstMatrixView<T>, const UpdateRule<T>&,   \
                               MatrixView<T>, MatrixView<T>);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule::reference
