#include "deltarule/evaluation/predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <thread>

#include "deltarule/base/random.h"
#include "deltarule/base/testing.h"
#include "deltarule/data/lit_pixels.h"
#include "deltarule/evaluation/evaluate.h"
#include "deltarule/evaluation/metrics.h"

namespace deltarule {
namespace {

constexpr Normalization kNormalizations[] = {Normalization::kPerImage, Normalization::kGlobal,
                                             Normalization::kPerFeature, Normalization::kNone};

const std::vector<std::string> kSpecs = {"784-128:tanh-10",
                                         "784-800:relu-10",
                                         "784-10",
                                         "1-3:tanh-2",
                                         "3-1:sigmoid-3",
                                         "10-15:identity-16",
                                         "15-16:relu-17",
                                         "17-33:tanh-15:sigmoid-10",
                                         "33-17:relu-17:tanh-3:identity-33",
                                         "800-10:sigmoid-128:relu-128",
                                         "16-2"};

/// Weights are drawn so that a layer hands on what it gets at about its size.
Network<float> random_network(const std::string& spec) {
  Network<float> network = make_zero_network<float>(parse_spec(spec, "test"));
  Random random(8, Stream::kSample);
  for (Layer<float>& layer : network.layers) {
    const double limit = std::sqrt(3.0 / static_cast<double>(layer.weights.rows()));
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (float& w : layer.weights.row(i)) w = static_cast<float>(random.uniform(-limit, limit));
    }
    for (float& b : layer.biases.row(0)) b = static_cast<float>(random.uniform(-0.5, 0.5));
  }
  return network;
}

/// Images of all kinds: dark, constant, fully lit, with one pixel, and of each share of lit ones.
Dataset images(std::size_t features) {
  Dataset data;
  std::vector<std::uint8_t> values(2 * features);
  std::fill(values.begin() + static_cast<std::ptrdiff_t>(features), values.end(), 77);
  Random random(9, Stream::kSample);
  for (std::uint32_t lit = 0; lit <= 10; ++lit) {
    for (std::size_t i = 0; i < features; ++i) {
      const auto pixel = static_cast<std::uint8_t>(1 + random.below(255));
      values.push_back(random.below(10) < lit || (lit == 0 && i == 0) ? pixel : 0);
    }
  }
  data.features = features;
  data.training_count = values.size() / features;
  data.values = std::move(values);
  return data;
}

Dataset numbers(std::size_t features) {
  Dataset data;
  std::vector<float> values(2 * features);
  std::fill(values.begin() + static_cast<std::ptrdiff_t>(features), values.end(), 0.1f);
  Random random(10, Stream::kSample);
  for (std::size_t i = 0; i < 6 * features; ++i) {
    values.push_back(static_cast<float>(random.normal()));
  }
  data.features = features;
  data.training_count = values.size() / features;
  data.values = std::move(values);
  return data;
}

std::vector<std::uint32_t> all_rows(const Dataset& data) {
  std::vector<std::uint32_t> rows(data.count());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

Model make_model(const std::string& spec, Normalization kind, const Dataset& data) {
  Model model;
  model.network = random_network(spec);
  model.normalizer = fit_normalizer(kind, data, all_rows(data));
  for (std::size_t k = 0; k < model.network.spec.classes(); ++k) {
    model.classes.push_back(std::to_string(k));
  }
  model.byte_inputs = data.is_bytes();
  return model;
}

/// How far probabilities may lie apart. Rounding errors of a sum of k terms are random enough to
/// grow like √k (Higham and Mary 2019), and Σ|a||b| is about √k here, so a layer with k inputs adds
/// about k u; slopes are at most 1. Twice for two sides, twice for chance. In a sparse first layer
/// μ/σ times the constant row is added and taken off again.
double tolerance(const Model& model, const RowScale& scale) {
  double terms = 0;
  for (const Layer<float>& layer : model.network.layers) {
    const double k = static_cast<double>(layer.weights.rows()) + 12;
    terms += &layer == &model.network.layers[0] ? k * (1 + 2 * std::abs(double{scale.shift})) : k;
  }
  return 4 * terms * 0x1p-24;
}

void expect_agreement(std::size_t predicted, std::span<const float> probabilities,
                      std::span<const float> expected, double bound) {
  for (std::size_t k = 0; k < expected.size(); ++k) {
    ASSERT_NEAR(probabilities[k], expected[k], bound) << "class " << k;
  }
  ASSERT_EQ(predicted, most_probable(probabilities));
}

void expect_all_paths_to_agree(const Model& model, const Dataset& data) {
  const Predictor predictor(model);
  Predictor::Workspace workspace(predictor);
  ThreadTeam team(1);
  const Matrix<float> expected =
      predict(model.network, data, model.normalizer, all_rows(data), team);
  std::vector<float> probabilities(predictor.classes().size());
  for (const std::uint32_t row : all_rows(data)) {
    const auto pixels = data.bytes(row);
    const RowScale scale = model.normalizer.kind == Normalization::kPerImage
                               ? per_image_scale(pixels)
                               : RowScale{1, 2};
    for (const auto path :
         {PredictionPath::kAutomatic, PredictionPath::kSparse, PredictionPath::kDense}) {
      if (path == PredictionPath::kSparse && !predictor.can_be_sparse()) continue;
      SCOPED_TRACE("image " + std::to_string(row) + ", path " +
                   std::to_string(static_cast<int>(path)));
      const std::size_t predicted = predictor.predict(pixels, workspace, probabilities, path);
      expect_agreement(predicted, probabilities, expected.row(row), tolerance(model, scale));
    }
  }
}

TEST(Predictor, AgreesWithTheBatchOnImagesByEveryPath) {
  for (const std::string& spec : kSpecs) {
    for (const Normalization kind : kNormalizations) {
      SCOPED_TRACE(spec + ", normalization " + std::to_string(static_cast<int>(kind)));
      Dataset data = images(parse_spec(spec, "test").inputs);
      const Model model = make_model(spec, kind, data);
      expect_all_paths_to_agree(model, data);
      data.lit = make_lit_pixels(data);
      expect_all_paths_to_agree(model, data);
    }
  }
}

TEST(Predictor, AgreesWithTheBatchOnNumbers) {
  for (const std::string& spec : kSpecs) {
    for (const Normalization kind : kNormalizations) {
      SCOPED_TRACE(spec + ", normalization " + std::to_string(static_cast<int>(kind)));
      const Dataset data = numbers(parse_spec(spec, "test").inputs);
      const Model model = make_model(spec, kind, data);
      const Predictor predictor(model);
      Predictor::Workspace workspace(predictor);
      ThreadTeam team(1);
      const Matrix<float> expected =
          predict(model.network, data, model.normalizer, all_rows(data), team);
      std::vector<float> probabilities(predictor.classes().size());
      for (const std::uint32_t row : all_rows(data)) {
        const std::size_t predicted = predictor.predict(data.floats(row), workspace, probabilities);
        expect_agreement(predicted, probabilities, expected.row(row), tolerance(model, {}));
      }
    }
  }
}

// Inputs are multiples of 2^-5 and parameters multiples of 2^-6, all of them small: no sum needs
// more than 24 bits, none is rounded, and so the order of sums cannot show.
TEST(Predictor, GivesTheBitsOfTheBatchWhereArithmeticIsExact) {
  const Dataset data = images(100);
  Model model = make_model("100-40:relu-10", Normalization::kGlobal, data);
  model.normalizer = {Normalization::kGlobal, {64}, {32}};
  Random random(11, Stream::kSample);
  const auto parameter = [&] { return (static_cast<float>(random.below(7)) - 3) / 64; };
  for (Layer<float>& layer : model.network.layers) {
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (float& w : layer.weights.row(i)) w = parameter();
    }
    for (float& b : layer.biases.row(0)) b = parameter();
  }
  const Predictor predictor(model);
  Predictor::Workspace workspace(predictor);
  ThreadTeam team(1);
  const Matrix<float> expected =
      predict(model.network, data, model.normalizer, all_rows(data), team);
  std::vector<float> probabilities(10);
  for (const std::uint32_t row : all_rows(data)) {
    for (const auto path : {PredictionPath::kSparse, PredictionPath::kDense}) {
      predictor.predict(data.bytes(row), workspace, probabilities, path);
      for (std::size_t k = 0; k < 10; ++k) ASSERT_EQ(probabilities[k], expected(row, k));
    }
  }
}

TEST(Predictor, GivesTheSameClassWithAndWithoutProbabilities) {
  const Dataset data = images(784);
  const Predictor predictor(make_model("784-128:tanh-10", Normalization::kPerImage, data));
  Predictor::Workspace workspace(predictor);
  std::vector<float> probabilities(10);
  for (const std::uint32_t row : all_rows(data)) {
    EXPECT_EQ(predictor.predict(data.bytes(row), workspace),
              predictor.predict(data.bytes(row), workspace, probabilities));
    EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1, 1e-6);
  }
}

TEST(Predictor, GivesEightThreadsTheBitsOfOne) {
  const Dataset data = images(784);
  const Predictor predictor(make_model("784-128:tanh-40:relu-10", Normalization::kPerImage, data));
  const auto predict_all = [&] {
    Predictor::Workspace workspace(predictor);
    Matrix<float> probabilities({data.count(), 10});
    for (int repeat = 0; repeat < 20; ++repeat) {
      for (const std::uint32_t row : all_rows(data)) {
        predictor.predict(data.bytes(row), workspace, probabilities.row(row));
      }
    }
    return probabilities;
  };
  const Matrix<float> alone = predict_all();
  std::vector<Matrix<float>> together(8);
  {
    std::vector<std::jthread> threads;
    threads.reserve(together.size());
    for (Matrix<float>& result : together) threads.emplace_back([&] { result = predict_all(); });
  }
  for (const Matrix<float>& result : together) {
    for (std::size_t row = 0; row < data.count(); ++row) {
      for (std::size_t k = 0; k < 10; ++k) ASSERT_EQ(result(row, k), alone(row, k));
    }
  }
}

TEST(Predictor, RefusesWhatDoesNotFitTheModel) {
  const Dataset data = images(16), table = numbers(16);
  const Predictor pixels(make_model("16-3", Normalization::kPerImage, data));
  const Predictor features(make_model("16-3", Normalization::kPerFeature, data));
  const Predictor floats(make_model("16-3", Normalization::kNone, table));
  Predictor::Workspace workspace(pixels), of_features(features), of_floats(floats);
  std::vector<float> probabilities(4);
  const auto row = data.bytes(0);
  EXPECT_EQ(refusal_of([&] { pixels.predict(row.first(15), workspace); }).found, "15");
  EXPECT_EQ(refusal_of([&] { pixels.predict(row, workspace, probabilities); }).found, "4");
  EXPECT_EQ(refusal_of([&] { pixels.predict(table.floats(0), workspace); }).expected, "bytes");
  EXPECT_EQ(refusal_of([&] { floats.predict(row, of_floats); }).expected, "floats");
  EXPECT_FALSE(features.can_be_sparse());
  refusal_of([&] { features.predict(row, of_features, {}, PredictionPath::kSparse); });
}

}  // namespace
}  // namespace deltarule
