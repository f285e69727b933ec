// What is left of repeated measurements.
#pragma once

#include <utility>
#include <vector>

namespace deltarule {

/// The smallest of `values` that a `share` of them, in (0, 1], do not exceed: .5 gives the median
/// (of an even number, the lower of the two in the middle). `values` is not empty.
double quantile(std::vector<double> values, double share);

inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

}  // namespace deltarule
