#include "bench/rates.h"

#include <chrono>

#include "deltarule/base/random.h"
#include "deltarule/math/floor.h"

namespace deltarule {
namespace {

/// A rented machine changes its speed, so a peak is good for some seconds only.
double recent_peak_gflops() {
  using Clock = std::chrono::steady_clock;
  static double peak = 0;
  static Clock::time_point measured{};
  if (peak == 0 || Clock::now() - measured > std::chrono::seconds(3)) {
    ThreadTeam alone(1);
    peak = peak_gflops(alone, 1);
    measured = Clock::now();
  }
  return peak;
}

}  // namespace

Matrix<float> random_matrix(Shape shape) {
  Random random(1, Stream::kSample);
  Matrix<float> matrix(shape);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (float& x : matrix.row(i)) x = static_cast<float>(random.uniform(-1, 1));
  }
  return matrix;
}

void report_operations(benchmark::State& state, double operations) {
  using benchmark::Counter;
  const double billions = operations / 1e9;
  state.counters["GFLOP"] = Counter(billions, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] =
      Counter(billions / recent_peak_gflops(), Counter::kIsIterationInvariantRate);
}

void report_examples(benchmark::State& state, std::size_t examples) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(examples));
}

}  // namespace deltarule
