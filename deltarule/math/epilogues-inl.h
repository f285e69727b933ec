// What begins and what follows a product, fused into it. Included once for each instruction set.
//
// An epilogue has begin(d, column), the value that sums start from, and end(d, sum, row, column),
// which stores what becomes of one vector of sums. Where it reads what may be far away, prefetch
// asks for a row's stretch while the sums are formed.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// `result`, or NaN where `a` is. The library's functions turn NaN into numbers, as do Min and Max
/// on ARM and on the portable target, and a training that diverged must not look like one that did
/// not.
template <class V>
HWY_INLINE V or_nan(V a, V result) {
  return hn::IfThenElse(hn::IsNaN(a), a, result);
}

/// tanh for float: a rational function x P(x²)/Q(x²), fitted on [−9, 9] for the least greatest
/// relative error (2e-8, and 6 roundings in float: 3.2e-7 as measured); beyond, tanh is ±1 in
/// float. A third of the instructions of the library's, which serves float and double alike.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V tanh_vector(D d, V a) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return or_nan(a, hn::Tanh(d, a));
  } else {
    const auto c = [d](double coefficient) { return hn::Set(d, static_cast<float>(coefficient)); };
    const V x = hn::Min(c(9), hn::Max(c(-9), a));
    const V y = hn::Mul(x, x);
    V p = hn::MulAdd(c(1.3354668482179477e-08), y, c(2.0609093553503044e-05));
    p = hn::MulAdd(p, y, c(0.003495589131489396));
    p = hn::MulAdd(p, y, c(0.13381026685237885));
    p = hn::MulAdd(p, y, c(1));
    V q = hn::MulAdd(c(7.776562824801658e-07), y, c(0.0003285636194050312));
    q = hn::MulAdd(q, y, c(0.025876985862851143));
    q = hn::MulAdd(q, y, c(0.4671434164047241));
    q = hn::MulAdd(q, y, c(1));
    return or_nan(a, hn::Min(c(1), hn::Max(c(-1), hn::Div(hn::Mul(x, p), q))));
  }
}

/// g(a) for one vector.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V activate_vector(Activation activation, D d, V a) {
  const V one = hn::Set(d, 1);
  switch (activation) {
    case Activation::kTanh:
      return tanh_vector(d, a);
    case Activation::kSigmoid:
      return or_nan(a, hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(a)))));
    case Activation::kRelu:
      return hn::IfThenZeroElse(hn::Lt(a, hn::Zero(d)), a);
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

struct NothingToFetch {
  HWY_INLINE void prefetch(std::size_t, std::size_t, std::size_t) const {}
};

template <class T>
struct BiasAndActivation : NothingToFetch {
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
struct TimesDerivative : NothingToFetch {
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
struct StoreSum : NothingToFetch {
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

  HWY_INLINE void prefetch(std::size_t row, std::size_t column, std::size_t count) const {
    for (std::size_t j = 0; j < count; j += kLineBytes / sizeof(T)) {
      __builtin_prefetch(weights.row_data(row) + column + j, 1);
      if constexpr (kMomentum) __builtin_prefetch(velocity.row_data(row) + column + j, 1);
    }
  }
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

/// Calls work(update) with the Update that `rule` needs: what it does not use costs nothing.
template <class T, class Work>
void with_update(const UpdateRule<T>& rule, MatrixView<T> weights, MatrixView<T> velocity,
                 const Work& work) {
  const bool penalty = rule.has_penalty();
  if (rule.momentum != 0) {
    penalty ? work(Update<true, true, T>{rule, weights, velocity})
            : work(Update<true, false, T>{rule, weights, velocity});
  } else {
    penalty ? work(Update<false, true, T>{rule, weights, velocity})
            : work(Update<false, false, T>{rule, weights, velocity});
  }
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
