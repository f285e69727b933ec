#include "deltarule/benchmark/median.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace deltarule {

double quantile(std::vector<double> values, double share) {
  assert(!values.empty() && share > 0 && share <= 1);
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace deltarule
