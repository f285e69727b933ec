// Softmax with cross-entropy over rows of logits. Included once for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// Calls work(column, valid) for each vector of a row; `valid` marks the lanes that are classes.
template <class D, class Work>
HWY_INLINE void for_vectors(D d, std::size_t classes, const Work& work) {
  for (std::size_t column = 0; column < classes; column += hn::Lanes(d)) {
    work(column, hn::FirstN(d, classes - column));
  }
}

/// max a, in all lanes.
template <class D, class T>
HWY_INLINE hn::Vec<D> greatest_of(D d, const T* row, std::size_t classes) {
  const auto least = hn::Set(d, std::numeric_limits<T>::lowest());
  auto greatest = least;
  for_vectors(d, classes, [&](std::size_t column, auto valid) {
    greatest = hn::Max(greatest, hn::IfThenElse(valid, hn::Load(d, row + column), least));
  });
  return hn::MaxOfLanes(d, greatest);
}

/// The sum of all lanes of a line: those half a line apart first, then a quarter, and so on. `c0`
/// to `c3` are the vectors of the line, or zero where there are fewer.
template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::TFromD<D> sum_of_line(D d, V c0, V c1, V c2, V c3) {
  using T = hn::TFromD<D>;
  HWY_ALIGN T lanes[kLineBytes / sizeof(T)];
  hn::Store(hn::Add(hn::Add(c0, c2), hn::Add(c1, c3)), d, lanes);
  for (std::size_t half = hn::Lanes(d) / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

/// Σ exp(a − max a); the terms are left in `terms` if that is not null. The order of the sum does
/// not depend on how many lanes a vector has: each place in a line has a sum of its own.
template <class D, class T>
HWY_INLINE T exponentials(D d, const T* row, std::size_t classes, hn::Vec<D> greatest, T* terms) {
  auto c0 = hn::Zero(d), c1 = c0, c2 = c0, c3 = c0;
  std::size_t place = 0;
  for_vectors(d, classes, [&](std::size_t column, auto valid) {
    const auto a = hn::Sub(hn::Load(d, row + column), greatest);
    const auto term = hn::IfThenElseZero(valid, hn::Exp(d, a));
    if (terms != nullptr) hn::Store(term, d, terms + column);
    // The exponential of NaN is 0 here, and would hide a divergence.
    const auto summand = or_nan(hn::IfThenElseZero(valid, a), term);
    if (place == 0) c0 = hn::Add(c0, summand);
    if (place == 1) c1 = hn::Add(c1, summand);
    if (place == 2) c2 = hn::Add(c2, summand);
    if (place == 3) c3 = hn::Add(c3, summand);
    place = (place + 1) % (kLineBytes / sizeof(T) / hn::Lanes(d));
  });
  return sum_of_line(d, c0, c1, c2, c3);
}

/// Whether the label is the first of the greatest logits.
template <class T>
HWY_INLINE bool is_first_greatest(const T* row, std::size_t label, T greatest) {
  if (row[label] != greatest) return false;
  for (std::size_t k = 0; k < label; ++k) {
    if (row[k] == greatest) return false;
  }
  return true;
}

template <class T>
LossSum softmax_loss_kernel(ConstMatrixView<T> logits, std::span<const std::uint16_t> labels,
                            T scale, MatrixView<T> deltas, MatrixView<T> losses) {
  const Tag<T> d;
  const std::size_t classes = logits.columns();
  LossSum result;
  T* sums = losses.row_data(0);
  T* offsets = losses.row_data(1);
  for (std::size_t n = 0; n < logits.rows(); ++n) {
    const T* row = logits.row_data(n);
    T* delta = deltas.data == nullptr ? nullptr : deltas.row_data(n);
    const auto greatest = greatest_of(d, row, classes);
    const T sum = exponentials(d, row, classes, greatest, delta);
    if (delta != nullptr) {
      const auto factor = hn::Set(d, scale / sum);
      for_vectors(d, classes, [&](std::size_t column, auto) {
        hn::Store(hn::Mul(factor, hn::Load(d, delta + column)), d, delta + column);
      });
      delta[labels[n]] -= scale;
    }
    sums[n] = sum;
    offsets[n] = hn::GetLane(greatest) - row[labels[n]];
    result.correct += is_first_greatest(row, labels[n], hn::GetLane(greatest));
  }
  // The logarithms of all rows, a vector at a time.
  for (std::size_t n = 0; n < logits.rows(); n += hn::Lanes(d)) {
    const auto sum = hn::Load(d, sums + n);
    hn::Store(hn::Add(or_nan(sum, hn::Log(d, sum)), hn::Load(d, offsets + n)), d, sums + n);
  }
  for (std::size_t n = 0; n < logits.rows(); ++n) result.loss += static_cast<double>(sums[n]);
  return result;
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
