// The first layer on lit pixels: to list a batch, forward, update. On synthetic digits, of which
// the share of lit patches is reported.
#include <numeric>
#include <vector>

#include "bench/rates.h"
#include "deltarule/base/random.h"
#include "deltarule/data/synthetic_digits.h"
#include "deltarule/network/first_layer.h"

namespace deltarule {
namespace {

constexpr std::size_t kBatch = 128;

/// Digits that do not fit into the caches near a core, and a random order of them.
struct Digits {
  Digits() : data(make_synthetic_digits(12000)), order(data.training_count) {
    data.lit = make_lit_pixels(data);
    std::iota(order.begin(), order.end(), 0u);
    Random random(1, Stream::kOrder);
    shuffle(std::span(order), random);
  }

  std::span<const std::uint32_t> batch(std::size_t number) const {
    const std::size_t batches = order.size() / kBatch;
    return std::span(order).subspan(number % batches * kBatch, kBatch);
  }

  Dataset data;
  std::vector<std::uint32_t> order;
};

const Digits& digits() {
  static const Digits digits;
  return digits;
}

/// Gathers another batch each time, from where memory is far.
void load_benchmark(benchmark::State& state, bool lit) {
  Dataset data = digits().data;
  if (!lit) data.lit = nullptr;
  const Normalizer per_image;
  FirstLayer first(parse_spec("784-128-10", ""), kBatch);
  std::size_t number = 0;
  for (auto iteration : state) first.load({data, per_image, digits().batch(number++)}, {});
  report_examples(state, kBatch);
}
BENCHMARK_CAPTURE(load_benchmark, list_lit, true);
BENCHMARK_CAPTURE(load_benchmark, normalize, false);

/// One batch, listed.
struct Listed {
  explicit Listed(std::size_t units) : lists(digits().data.lit->layout, kBatch, units) {
    const LitPixels& lit = *digits().data.lit;
    for (const std::uint32_t row : digits().batch(0)) {
      const RowScale scale = lit.examples[row].per_image;
      lists.add(lit.row(row), scale.scale, scale.shift);
      patches += lit.row(row).size();
    }
    lists.finish();
  }

  PatchLists lists;
  std::size_t patches = 0;  ///< that are lit, of all examples
};

/// Operations are those that are done. The dense product would need as many more as patches are
/// dark: "dense_GFLOP" a second is what it would have to run at to be as fast.
void report(benchmark::State& state, const Listed& listed, std::size_t units) {
  const double all = static_cast<double>(kBatch * listed.lists.patches());
  const double lit = static_cast<double>(listed.patches);
  const double per_patch = 2.0 * static_cast<double>(kPatchPixels * units);
  report_operations(state, per_patch * lit);
  state.counters["dense_GFLOP"] =
      benchmark::Counter(per_patch * all / 1e9, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["lit"] = lit / all;
}

void lit_affine_benchmark(benchmark::State& state) {
  const auto units = static_cast<std::size_t>(state.range(0));
  Listed listed(units);
  const Matrix<float> weights = random_matrix({784, units}), biases = random_matrix({1, units});
  Matrix<float> outputs({kBatch, units});
  for (auto iteration : state) {
    lit_affine(listed.lists, weights.view(), biases.view(), Activation::kTanh, outputs.view());
  }
  report(state, listed, units);
}
BENCHMARK(lit_affine_benchmark)->ArgName("units")->Arg(10)->Arg(128)->Arg(800)->Arg(2500);

void lit_update_benchmark(benchmark::State& state, const UpdateRule<float>& rule) {
  const auto units = static_cast<std::size_t>(state.range(0));
  Listed listed(units);
  const Matrix<float> deltas = random_matrix({kBatch, units});
  Matrix<float> weights = random_matrix({784, units}), velocity({784, units});
  for (auto iteration : state) {
    lit_update(listed.lists, deltas.view(), rule, weights.view(), velocity.view());
  }
  report(state, listed, units);
}
constexpr UpdateRule<float> kPlain{.rate = 1e-9f};
constexpr UpdateRule<float> kMomentum{.rate = 1e-9f, .momentum = 0.9f};
constexpr UpdateRule<float> kNesterov{.rate = 1e-9f, .momentum = 0.9f, .nesterov = true};
constexpr UpdateRule<float> kPenalties{.rate = 1e-9f, .l1 = 1e-4f, .l2 = 1e-4f};
BENCHMARK_CAPTURE(lit_update_benchmark, plain, kPlain)
    ->ArgName("units")
    ->Arg(10)
    ->Arg(128)
    ->Arg(800)
    ->Arg(2500);
BENCHMARK_CAPTURE(lit_update_benchmark, momentum, kMomentum)->ArgName("units")->Arg(128);
BENCHMARK_CAPTURE(lit_update_benchmark, nesterov, kNesterov)->ArgName("units")->Arg(128);
BENCHMARK_CAPTURE(lit_update_benchmark, penalties, kPenalties)->ArgName("units")->Arg(128);

}  // namespace
}  // namespace deltarule
