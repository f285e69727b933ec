// A whole network on digits: a pass of evaluation, and one prediction at a time.
#include <numeric>
#include <vector>

#include "bench/rates.h"
#include "deltarule/benchmark/predictions.h"
#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"
#include "deltarule/evaluation/evaluate.h"
#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

constexpr const char* kNetwork = "784-128-10";

Dataset make_digits() {
  Dataset data = make_synthetic_digits(7000);
  data.lit = make_lit_pixels(data);
  return data;
}

const Dataset& digits() {
  static const Dataset data = make_digits();
  return data;
}

void evaluate_benchmark(benchmark::State& state, bool lit) {
  Dataset data = digits();
  if (!lit) data.lit = nullptr;
  std::vector<std::uint32_t> rows(data.count());
  std::iota(rows.begin(), rows.end(), 0u);
  const Network<float> network = make_network(parse_spec(kNetwork, ""), {}, 1);
  EvaluationWorkspace workspace(network.spec);
  ThreadTeam alone(1);
  for (auto iteration : state) {
    benchmark::DoNotOptimize(evaluate(network, data, {}, rows, workspace, alone));
  }
  report_examples(state, rows.size());
}
BENCHMARK_CAPTURE(evaluate_benchmark, sparse, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate_benchmark, dense, false)->Unit(benchmark::kMicrosecond);

void predictor_benchmark(benchmark::State& state, PredictionPath path) {
  const Predictor predictor = make_untrained_predictor(parse_spec(kNetwork, ""), digits());
  Predictor::Workspace workspace(predictor);
  std::vector<float> probabilities(predictor.classes().size());
  std::size_t row = 0;
  for (auto iteration : state) {
    benchmark::DoNotOptimize(
        predictor.predict(digits().bytes(row), workspace, probabilities, path));
    row = row + 1 < digits().count() ? row + 1 : 0;
  }
  report_examples(state, 1);
}
BENCHMARK_CAPTURE(predictor_benchmark, sparse, PredictionPath::kSparse);
BENCHMARK_CAPTURE(predictor_benchmark, dense, PredictionPath::kDense);

}  // namespace
}  // namespace deltarule
