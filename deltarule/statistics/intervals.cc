#include "deltarule/statistics/intervals.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace deltarule {
namespace {

// A figure that is not finite, from a run that diverged, makes the answers NaN; it is no reason to
// throw.
using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>>;
using StudentsT = boost::math::students_t_distribution<double, Policy>;

constexpr double kUpperTail = 0.975;  // two-sided 95 %

StudentsT students_t(std::size_t n) { return StudentsT(static_cast<double>(n - 1)); }

Interval around(double center, double half_width) {
  return {center - half_width, center + half_width};
}

}  // namespace

Summary summarize(std::span<const double> x) {
  assert(!x.empty());
  Summary summary;
  summary.n = x.size();
  const double n = static_cast<double>(x.size());
  // Sums of distances from the first number: equal numbers then have exactly no deviation.
  double shift = 0;
  for (const double value : x) shift += value - x[0];
  summary.mean = x[0] + shift / n;
  if (summary.n == 1) {
    const double infinity = std::numeric_limits<double>::infinity();
    summary.mean_95 = summary.next_95 = {-infinity, infinity};
    return summary;
  }
  double squares = 0;
  for (const double value : x) squares += (value - summary.mean) * (value - summary.mean);
  summary.deviation = std::sqrt(squares / (n - 1));
  const double t = boost::math::quantile(students_t(summary.n), kUpperTail);
  summary.mean_95 = around(summary.mean, t * summary.deviation / std::sqrt(n));
  summary.next_95 = around(summary.mean, t * summary.deviation * std::sqrt(1 + 1 / n));
  return summary;
}

PairedComparison compare_paired(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  std::vector<double> differences(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) differences[i] = x[i] - y[i];
  PairedComparison comparison;
  comparison.difference = summarize(differences);
  const Summary& difference = comparison.difference;
  if (difference.n == 1) return comparison;
  if (difference.deviation == 0) {
    comparison.p_value = difference.mean == 0 ? 1 : 0;  // the limits of t = 0/0 and ±∞
    return comparison;
  }
  const double t =
      difference.mean / (difference.deviation / std::sqrt(static_cast<double>(difference.n)));
  comparison.p_value =
      2 * boost::math::cdf(boost::math::complement(students_t(difference.n), std::abs(t)));
  return comparison;
}

Interval accuracy_95(double p, std::size_t n) {
  assert(n > 0 && 0 <= p && p <= 1);
  constexpr double z = 1.959963984540054;
  const double count = static_cast<double>(n);
  const double middle = p + z * z / (2 * count);
  const double half = z * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  const double scale = 1 + z * z / count;
  return {std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale)};
}

double binomial_standard_error(double p, std::size_t n) {
  assert(n > 0 && 0 <= p && p <= 1);
  return std::sqrt(p * (1 - p) / static_cast<double>(n));
}

}  // namespace deltarule
