#include "deltarule/math/activation.h"

#include <cassert>
#include <cmath>

namespace deltarule {

const char* name_of(Activation activation) {
  switch (activation) {
    case Activation::kIdentity:
      return "identity";
    case Activation::kTanh:
      return "tanh";
    case Activation::kSigmoid:
      return "sigmoid";
    case Activation::kRelu:
      return "relu";
  }
  assert(false);
  return "";
}

template <class T>
T activate(Activation activation, T a) {
  switch (activation) {
    case Activation::kIdentity:
      return a;
    case Activation::kTanh:
      return std::tanh(a);
    case Activation::kSigmoid:
      return T{1} / (T{1} + std::exp(-a));
    case Activation::kRelu:
      return a > 0 ? a : T{0};
  }
  assert(false);
  return a;
}

template <class T>
T derivative_from_output(Activation activation, T z) {
  switch (activation) {
    case Activation::kIdentity:
      return T{1};
    case Activation::kTanh:
      return T{1} - z * z;
    case Activation::kSigmoid:
      return z * (T{1} - z);
    case Activation::kRelu:
      return z > 0 ? T{1} : T{0};
  }
  assert(false);
  return T{1};
}

template float activate(Activation, float);
template double activate(Activation, double);
template float derivative_from_output(Activation, float);
template double derivative_from_output(Activation, double);

}  // namespace deltarule
