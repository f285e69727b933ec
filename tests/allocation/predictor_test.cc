#include "deltarule/evaluation/predictor.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/allocation/allocation_count.h"

namespace deltarule {
namespace {

Predictor predictor_of(Normalization kind, bool bytes) {
  Model model;
  model.network = make_zero_network<float>(parse_spec("784-16:tanh-20:relu-10", "test"));
  model.normalizer = {kind, std::vector<float>(784, 30), std::vector<float>(784, 70)};
  model.classes.resize(10);
  model.byte_inputs = bytes;
  return Predictor(std::move(model));
}

/// Allocations in 10,000 calls of predict(n, probabilities).
template <class Predict>
std::size_t allocations_of(const Predict& predict) {
  std::vector<float> probabilities(10);
  const std::size_t before = allocation_count();
  for (std::uint32_t n = 0; n < 10000; ++n) predict(n, probabilities);
  return allocation_count() - before;
}

TEST(Predictor, AllocatesNothingForPixels) {
  std::vector<std::uint8_t> pixels(784);
  for (std::size_t i = 0; i < 784; i += 5) pixels[i] = static_cast<std::uint8_t>(i);
  for (const auto kind : {Normalization::kPerImage, Normalization::kGlobal,
                          Normalization::kPerFeature, Normalization::kNone}) {
    const Predictor predictor = predictor_of(kind, true);
    Predictor::Workspace workspace(predictor);
    for (const auto path : {PredictionPath::kAutomatic, PredictionPath::kDense}) {
      EXPECT_EQ(allocations_of([&](std::uint32_t n, std::span<float> probabilities) {
                  ++pixels[n % 784];
                  predictor.predict(pixels, workspace, probabilities, path);
                }),
                0u);
    }
  }
}

TEST(Predictor, AllocatesNothingForNumbers) {
  std::vector<float> values(784, 0.5f);
  const Predictor predictor = predictor_of(Normalization::kPerImage, false);
  Predictor::Workspace workspace(predictor);
  EXPECT_EQ(allocations_of([&](std::uint32_t n, std::span<float> probabilities) {
              values[n % 784] += 1;
              predictor.predict(values, workspace, probabilities);
            }),
            0u);
}

}  // namespace
}  // namespace deltarule
