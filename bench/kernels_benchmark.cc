// The dense products and the loss, at the sizes of the networks in docs/performance.md.
#include <vector>

#include "bench/rates.h"
#include "deltarule/math/kernels.h"

namespace deltarule {
namespace {

/// The three sizes that a product of a layer has, from the arguments of a benchmark.
struct Sizes {
  explicit Sizes(const benchmark::State& state)
      : examples(static_cast<std::size_t>(state.range(0))),
        in(static_cast<std::size_t>(state.range(1))),
        out(static_cast<std::size_t>(state.range(2))) {}

  std::size_t examples, in, out;

  double operations() const { return 2.0 * static_cast<double>(examples * in * out); }
};

void every_layer(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"examples", "in", "out"})
      ->Args({128, 784, 10})
      ->Args({128, 784, 128})
      ->Args({128, 128, 10})
      ->Args({128, 784, 800})
      ->Args({128, 800, 10})
      ->Args({128, 784, 2500})
      ->Args({128, 2500, 2000})
      ->Args({128, 1000, 500});
}

/// Deltas go back through all layers but the first.
void later_layers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"examples", "in", "out"})
      ->Args({128, 128, 10})
      ->Args({128, 800, 10})
      ->Args({128, 2500, 2000})
      ->Args({128, 1000, 500});
}

void one_layer(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"examples", "in", "out"})->Args({128, 784, 128});
}

void affine_benchmark(benchmark::State& state, Activation activation) {
  const Sizes sizes(state);
  const Matrix<float> inputs = random_matrix({sizes.examples, sizes.in});
  const Matrix<float> weights = random_matrix({sizes.in, sizes.out});
  const Matrix<float> biases = random_matrix({1, sizes.out});
  Matrix<float> outputs({sizes.examples, sizes.out}), panel = make_panel<float>(sizes.in);
  for (auto iteration : state) {
    affine<float>(inputs.view(), weights.view(), biases.view(), activation, outputs.view(),
                  panel.view());
  }
  report_operations(state, sizes.operations());
}
BENCHMARK_CAPTURE(affine_benchmark, tanh, Activation::kTanh)->Apply(every_layer);
BENCHMARK_CAPTURE(affine_benchmark, identity, Activation::kIdentity)->Apply(one_layer);
BENCHMARK_CAPTURE(affine_benchmark, relu, Activation::kRelu)->Apply(one_layer);
BENCHMARK_CAPTURE(affine_benchmark, sigmoid, Activation::kSigmoid)->Apply(one_layer);

void propagate_back_benchmark(benchmark::State& state) {
  const Sizes sizes(state);
  const Matrix<float> deltas = random_matrix({sizes.examples, sizes.out});
  const Matrix<float> weights = random_matrix({sizes.in, sizes.out});
  const Matrix<float> outputs = random_matrix({sizes.examples, sizes.in});
  Matrix<float> result({sizes.examples, sizes.in}), panel = make_panel<float>(sizes.out);
  for (auto iteration : state) {
    propagate_back<float>(deltas.view(), weights.view(), outputs.view(), Activation::kTanh,
                          result.view(), panel.view());
  }
  report_operations(state, sizes.operations());
}
BENCHMARK(propagate_back_benchmark)->Apply(later_layers);

/// Small, so that weights stay what they are however often they are updated.
constexpr float kRate = 1e-9f;

void update_weights_benchmark(benchmark::State& state, const UpdateRule<float>& rule) {
  const Sizes sizes(state);
  const Matrix<float> inputs = random_matrix({sizes.examples, sizes.in});
  const Matrix<float> deltas = random_matrix({sizes.examples, sizes.out});
  Matrix<float> weights = random_matrix({sizes.in, sizes.out});
  Matrix<float> velocity({sizes.in, sizes.out}), panel = make_panel<float>(sizes.examples);
  for (auto iteration : state) {
    update_weights<float>(inputs.view(), deltas.view(), rule, weights.view(), velocity.view(),
                          panel.view());
  }
  report_operations(state, sizes.operations());
}
constexpr UpdateRule<float> kPlain{.rate = kRate};
constexpr UpdateRule<float> kMomentum{.rate = kRate, .momentum = 0.9f};
constexpr UpdateRule<float> kNesterov{.rate = kRate, .momentum = 0.9f, .nesterov = true};
constexpr UpdateRule<float> kPenalties{.rate = kRate, .l1 = 1e-4f, .l2 = 1e-4f};
constexpr UpdateRule<float> kMomentumPenalties{
    .rate = kRate, .momentum = 0.9f, .l1 = 1e-4f, .l2 = 1e-4f};
BENCHMARK_CAPTURE(update_weights_benchmark, plain, kPlain)->Apply(every_layer);
BENCHMARK_CAPTURE(update_weights_benchmark, momentum, kMomentum)->Apply(one_layer);
BENCHMARK_CAPTURE(update_weights_benchmark, nesterov, kNesterov)->Apply(one_layer);
BENCHMARK_CAPTURE(update_weights_benchmark, penalties, kPenalties)->Apply(one_layer);
BENCHMARK_CAPTURE(update_weights_benchmark, momentum_penalties, kMomentumPenalties)
    ->Apply(one_layer);

/// With deltas as in training, or without as in evaluation.
void softmax_loss_benchmark(benchmark::State& state, bool with_deltas) {
  constexpr std::size_t kClasses = 10;
  const auto examples = static_cast<std::size_t>(state.range(0));
  const Matrix<float> logits = random_matrix({examples, kClasses});
  Matrix<float> deltas({examples, kClasses}), losses({2, examples});
  std::vector<std::uint16_t> labels;
  for (std::size_t i = 0; i < examples; ++i) {
    labels.push_back(static_cast<std::uint16_t>(i % kClasses));
  }
  for (auto iteration : state) {
    benchmark::DoNotOptimize(softmax_loss<float>(logits.view(), labels, 1.0f,
                                                 with_deltas ? deltas.view() : MatrixView<float>{},
                                                 losses.view()));
  }
  report_examples(state, examples);
}
BENCHMARK_CAPTURE(softmax_loss_benchmark, training, true)->ArgName("examples")->Arg(128);
BENCHMARK_CAPTURE(softmax_loss_benchmark, evaluation, false)->ArgName("examples")->Arg(256);

}  // namespace
}  // namespace deltarule
