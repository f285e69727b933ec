// What begins and what follows a product, fused into it. Included once for each instruction set.
//
// An epilogue has begin(d, column), the value that sums start from, and end(d, sum, row, column),
// which stores what becomes of one vector of sums.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// g(a) for one vector.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V activate_vector(Activation activation, D d, V a) {
  const V one = hn::Set(d, 1);
  switch (activation) {
    case Activation::kTanh:
      return hn::Tanh(d, a);
    case Activation::kSigmoid:
      return hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(a))));
    case Activation::kRelu:
      return hn::Max(a, hn::Zero(d));
    case Activation::kIdentity:
      break;
  }
  return a;
}

/// g′(a) from z = g(a) for one vector.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V derivative_vector(Activation activation, D d, V z) {
  const V one = hn::Set(d, 1);
  switch (activation) {
    case Activation::kTanh:
      return hn::NegMulAdd(z, z, one);
    case Activation::kSigmoid:
      return hn::Mul(z, hn::Sub(one, z));
    case Activation::kRelu:
      return hn::IfThenElseZero(hn::Gt(z, hn::Zero(d)), one);
    case Activation::kIdentity:
      break;
  }
  return one;
}

template <class T>
struct BiasAndActivation {
  ConstMatrixView<T> biases;
  Activation activation;
  MatrixView<T> outputs;

  template <class D>
  HWY_INLINE hn::Vec<D> begin(D d, std::size_t column) const {
    return hn::Load(d, biases.data + column);
  }
  template <class D>
  HWY_INLINE void end(D d, hn::Vec<D> sum, std::size_t row, std::size_t column) const {
    hn::Store(activate_vector(activation, d, sum), d, outputs.row_data(row) + column);
  }
};

template <class T>
struct TimesDerivative {
  ConstMatrixView<T> outputs;
  Activation activation;
  MatrixView<T> result;

  template <class D>
  HWY_INLINE hn::Vec<D> begin(D d, std::size_t) const {
    return hn::Zero(d);
  }
  template <class D>
  HWY_INLINE void end(D d, hn::Vec<D> sum, std::size_t row, std::size_t column) const {
    const auto z = hn::Load(d, outputs.row_data(row) + column);
    const auto delta = hn::Mul(sum, derivative_vector(activation, d, z));
    hn::Store(delta, d, result.row_data(row) + column);
  }
};

template <class T>
struct StoreSum {
  MatrixView<T> result;

  template <class D>
  HWY_INLINE hn::Vec<D> begin(D d, std::size_t) const {
    return hn::Zero(d);
  }
  template <class D>
  HWY_INLINE void end(D d, hn::Vec<D> sum, std::size_t row, std::size_t column) const {
    hn::Store(sum, d, result.row_data(row) + column);
  }
};

/// UpdateRule for one vector of parameters; see update_rule.h.
template <bool kMomentum, bool kPenalty, class T>
struct Update {
  UpdateRule<T> rule;
  MatrixView<T> weights, velocity;

  template <class D>
  HWY_INLINE hn::Vec<D> begin(D d, std::size_t) const {
    return hn::Zero(d);
  }
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void end(D d, V gradient, std::size_t row, std::size_t column) const {
    T* w_data = weights.row_data(row) + column;
    const V before = hn::Load(d, w_data);
    const V rate = hn::Set(d, rule.rate);
    if constexpr (kPenalty) {
      gradient = hn::MulAdd(hn::Set(d, rule.l1), sign(d, before), gradient);
      gradient = hn::MulAdd(hn::Set(d, rule.l2), before, gradient);
    }
    V w = before;
    if constexpr (kMomentum) {
      T* v_data = velocity.row_data(row) + column;
      const V momentum = hn::Set(d, rule.momentum);
      const V v = hn::NegMulAdd(rate, gradient, hn::Mul(momentum, hn::Load(d, v_data)));
      hn::Store(v, d, v_data);
      w = hn::Add(w, rule.nesterov ? hn::NegMulAdd(rate, gradient, hn::Mul(momentum, v)) : v);
    } else {
      w = hn::NegMulAdd(rate, gradient, w);
    }
    if constexpr (kPenalty) {
      w = hn::NegMulAdd(hn::Set(d, rule.direct_l1), sign(d, before), w);
      w = hn::NegMulAdd(hn::Set(d, rule.direct_l2), before, w);
    }
    hn::Store(w, d, w_data);
  }

 private:
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V sign(D d, V x) {
    const V signed_one = hn::CopySign(hn::Set(d, 1), x);
    return hn::IfThenZeroElse(hn::Eq(x, hn::Zero(d)), signed_one);
  }
};

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
