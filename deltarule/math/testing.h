// What tests of kernels share: every instruction set in turn, and how near is near enough.
//
// Kernels are compared with plain loops in double on the same numbers. A sum of k products, formed
// in any order, each product and each addition rounded, is off by at most (k + 1) u Σ|a||b| to
// first order (Higham 2002, section 3.1), with u the unit roundoff; where an instruction multiplies
// and adds with one rounding, it is off by less. Tests add what follows the sum.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "deltarule/base/random.h"
#include "deltarule/math/instruction_set.h"
#include "deltarule/math/matrix.h"

namespace deltarule {

/// Calls work() on each instruction set that this processor and this build know; the best is in use
/// again afterwards.
template <class Work>
void on_every_instruction_set(const Work& work) {
  const std::vector<std::string> names = instruction_sets();
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    use_instruction_set(name);
    work();
  }
  use_instruction_set(names.front());
}

/// The greatest relative error of one rounding.
template <class T>
inline constexpr double kUnitRoundoff = std::numeric_limits<T>::epsilon() / 2.0;

/// Numbers in [−1, 1).
template <class T>
Matrix<T> random_matrix(Shape shape, std::uint32_t substream) {
  Random random(11, Stream::kSample, substream);
  Matrix<T> matrix(shape);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (T& x : matrix.row(i)) x = static_cast<T>(random.uniform(-1, 1));
  }
  return matrix;
}

/// convert(x) for each element x.
template <class T, class Convert>
Matrix<double> converted(const Matrix<T>& matrix, const Convert& convert) {
  Matrix<double> result(matrix.shape());
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) result(i, j) = convert(matrix(i, j));
  }
  return result;
}

template <class T>
Matrix<double> widened(const Matrix<T>& matrix) {
  return converted(matrix, [](T x) { return static_cast<double>(x); });
}

template <class T>
Matrix<double> magnitudes(const Matrix<T>& matrix) {
  return converted(matrix, [](T x) { return std::abs(static_cast<double>(x)); });
}

/// What is right, and how far from it a result may be: `per_magnitude` · magnitudes + `more`, each
/// in unit roundoffs. The magnitudes are the Σ|a||b| of each element.
struct Expected {
  Matrix<double> values, magnitudes;
  double per_magnitude = 0, more = 0;
};

/// The first element that is too far off, as text; empty if there is none. `expected` may have more
/// rows and columns than `actual`, whose first row is expected's row `first_row`.
template <class T>
std::string deviation(ConstMatrixView<T> actual, const Expected& expected,
                      std::size_t first_row = 0) {
  // Numbers in double are compared with numbers in double, which are off as far.
  const double u = kUnitRoundoff<T> + kUnitRoundoff<double>;
  for (std::size_t i = 0; i < actual.rows(); ++i) {
    const auto right = expected.values.row(first_row + i);
    const auto magnitude = expected.magnitudes.row(first_row + i);
    for (std::size_t j = 0; j < actual.columns(); ++j) {
      const double bound = u * (expected.per_magnitude * magnitude[j] + expected.more);
      const double off = std::abs(static_cast<double>(actual(i, j)) - right[j]);
      if (off <= bound) continue;  // never for NaN
      return "(" + std::to_string(first_row + i) + ", " + std::to_string(j) + ") is " +
             std::to_string(actual(i, j)) + ", not " + std::to_string(right[j]) + ": off by " +
             std::to_string(off / u) + " roundings, bound " + std::to_string(bound / u);
    }
  }
  return {};
}

}  // namespace deltarule
