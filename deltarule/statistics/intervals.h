// What a handful of numbers allow one to say. Knows no network, only numbers.
#pragma once

#include <cstddef>
#include <span>

namespace deltarule {

struct Interval {
  double low = 0, high = 0;
  bool contains(double x) const { return low <= x && x <= high; }
};

/// Of a sample x of n ≥ 1 numbers, taken as draws from one normal distribution.
struct Summary {
  std::size_t n = 0;
  double mean = 0;
  double deviation = 0;  ///< sample standard deviation, n − 1 below; 0 if n = 1
  Interval mean_95;      ///< mean ± t_{.975, n−1} s/√n; infinite if n = 1
  Interval
      next_95;  ///< where one more draw falls: mean ± t_{.975, n−1} s √(1 + 1/n); infinite if n = 1
};
Summary summarize(std::span<const double> x);

/// Two samples over the same seeds, in the same order: x_i − y_i.
struct PairedComparison {
  Summary difference;
  double p_value = 1;  ///< two-sided paired t test of a mean difference of zero; 1 if n = 1
};
PairedComparison compare_paired(std::span<const double> x, std::span<const double> y);

/// The 95 % interval of an accuracy p measured on n ≥ 1 examples, from their number alone (Wilson
/// 1927): within [0, 1], and not a point when p is 0 or 1.
Interval accuracy_95(double p, std::size_t n);

/// √(p(1 − p)/n): how far a test set of n examples moves an accuracy p by chance.
double binomial_standard_error(double p, std::size_t n);

}  // namespace deltarule
