// The products of a network, with what follows them fused in.
//
// One source for every instruction set, compiled for each and chosen when the program runs (Google
// Highway). Every element of a result is one sum in the order of its inner index, kept in one
// accumulator, so its bits depend neither on the number of threads nor on how the work is tiled.
//
// Views are whole rows of a `Matrix`, padding included (see matrix.h). T is float or double; n is
// the number of examples, in and out are the units of a layer and of the one before. `reference.h`
// has the same functions as plain loops and defines what is correct.
#pragma once

#include <string>

#include "deltarule/base/threads.h"
#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"
#include "deltarule/math/update_rule.h"

namespace deltarule {

/// outputs = g(inputs · weights + biases): (n, out) from (n, in), (in, out) and (1, out).
template <class T>
void affine(ConstMatrixView<T> inputs, ConstMatrixView<T> weights, ConstMatrixView<T> biases,
            Activation activation, MatrixView<T> outputs, ThreadTeam& team);

/// result = (deltas · transposed_weights) ⊙ g′, g′ from outputs = g(a): (n, in) from (n, out),
/// (out, in) and (n, in).
template <class T>
void propagate_back(ConstMatrixView<T> deltas, ConstMatrixView<T> transposed_weights,
                    ConstMatrixView<T> outputs, Activation activation, MatrixView<T> result,
                    ThreadTeam& team);

/// gradient = inputsᵀ · deltas: (in, out) from (n, in) and (n, out).
template <class T>
void weight_gradient(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, MatrixView<T> gradient,
                     ThreadTeam& team);

/// One step of `rule` on weights and velocity (in, out) with the gradient inputsᵀ · deltas, which
/// is never stored. Without momentum, velocity is not touched and may be empty.
template <class T>
void update_weights(ConstMatrixView<T> inputs, ConstMatrixView<T> deltas, const UpdateRule<T>& rule,
                    MatrixView<T> weights, MatrixView<T> velocity, ThreadTeam& team);

/// transposed(j, i) = matrix(i, j).
template <class T>
void transpose(ConstMatrixView<T> matrix, MatrixView<T> transposed);

/// "AVX-512", "AVX2", …: what the kernels run on in this process.
std::string instruction_set();

}  // namespace deltarule
