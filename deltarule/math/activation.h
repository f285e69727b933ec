// The functions between layers. They live beside the kernels because the kernels fuse them into the
// products.
#pragma once

namespace deltarule {

enum class Activation {
  kIdentity,  ///< g(a) = a
  kTanh,      ///< g(a) = (e^a − e^−a)/(e^a + e^−a), in (−1, 1)
  kSigmoid,   ///< g(a) = 1/(1 + e^−a), in (0, 1)
  kRelu,      ///< g(a) = max(0, a); g′(0) = 0
};

/// "identity", "tanh", "sigmoid", "relu".
const char* name_of(Activation activation);

/// g(a).
template <class T>
T activate(Activation activation, T a);

/// g′(a) written in z = g(a): 1, 1 − z², z(1 − z), [z > 0].
template <class T>
T derivative_from_output(Activation activation, T z);

}  // namespace deltarule
