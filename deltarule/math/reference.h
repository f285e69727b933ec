// The kernels as plain loops: what is correct. For tests, and to read.
#pragma once

#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"
#include "deltarule/math/update_rule.h"

namespace deltarule::reference {

template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs);

template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result);

template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient);

template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity);

}  // namespace deltarule::reference
