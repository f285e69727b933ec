// What the benchmarks share: matrices of numbers, and operations in a second as counters.
#pragma once

#include <benchmark/benchmark.h>

#include "deltarule/math/matrix.h"

namespace deltarule {

/// Uniform in [−1, 1).
Matrix<float> random_matrix(Shape shape);

/// After the loop: "GFLOP" a second, of one iteration's operations, and "of_peak", their share of
/// what this machine can do at most, measured within the last seconds.
void report_operations(benchmark::State& state, double operations);

/// After the loop: examples in a second.
void report_examples(benchmark::State& state, std::size_t examples);

}  // namespace deltarule
