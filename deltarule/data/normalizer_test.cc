#include "deltarule/data/normalizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace deltarule {
namespace {

template <class Value>
Dataset make_data(std::size_t features, std::vector<Value> values) {
  Dataset data;
  data.features = features;
  data.training_count = values.size() / features;
  data.labels.assign(data.training_count, 0);
  data.values = std::move(values);
  return data;
}

std::vector<std::uint32_t> all_rows(const Dataset& data) {
  std::vector<std::uint32_t> rows(data.count());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

template <class T>
Matrix<T> normalized(Normalization kind, const Dataset& data) {
  const auto rows = all_rows(data);
  Matrix<T> inputs({data.count(), data.features});
  normalize_rows(fit_normalizer(kind, data, rows), data, rows, inputs.view());
  return inputs;
}

TEST(Normalizer, PerImageUsesTheMeanAndThePopulationDeviationOfTheRow) {
  const Dataset data = make_data<std::uint8_t>(4, {0, 0, 10, 30, 5, 6, 7, 8});
  const Matrix<double> inputs = normalized<double>(Normalization::kPerImage, data);
  const double deviation = std::sqrt(150.0);  // (100 + 100 + 0 + 400) / 4
  EXPECT_DOUBLE_EQ(inputs(0, 0), -10 / deviation);
  EXPECT_DOUBLE_EQ(inputs(0, 2), 0);
  EXPECT_DOUBLE_EQ(inputs(0, 3), 20 / deviation);
  EXPECT_DOUBLE_EQ(inputs(1, 3), 1.5 / std::sqrt(1.25));
}

TEST(Normalizer, PerImageTreatsBytesAndTheSameNumbersAsFloatsAlike) {
  std::vector<std::uint8_t> bytes(3 * 101);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i % 251);
  const std::vector<float> floats(bytes.begin(), bytes.end());
  const auto from_bytes =
      normalized<double>(Normalization::kPerImage, make_data<std::uint8_t>(101, bytes));
  const auto from_floats =
      normalized<double>(Normalization::kPerImage, make_data<float>(101, floats));
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 101; ++j) {
      ASSERT_NEAR(from_bytes(i, j), from_floats(i, j), 1e-12) << i << " " << j;
    }
  }
}

TEST(Normalizer, SumsDoNotOverflowOnAWideWhiteRow) {
  std::vector<std::uint8_t> bytes(200000, 255);
  bytes[0] = 0;
  const auto inputs = normalized<double>(Normalization::kPerImage, make_data(200000, bytes));
  EXPECT_NEAR(inputs(0, 0), -std::sqrt(199999.0), 1e-6);
  EXPECT_NEAR(inputs(0, 199999), 1 / std::sqrt(199999.0), 1e-12);
}

TEST(Normalizer, ConstantImagesSetsAndColumnsBecomeZeros) {
  const Dataset bytes = make_data<std::uint8_t>(3, {7, 7, 7, 7, 7, 7});
  // 0.1f is no short binary fraction: its mean must still come out exact.
  const Dataset floats = make_data<float>(3, std::vector<float>(3 * 1000, 0.1f));
  for (const auto kind :
       {Normalization::kPerImage, Normalization::kGlobal, Normalization::kPerFeature}) {
    for (const Dataset* data : {&bytes, &floats}) {
      const Matrix<float> inputs = normalized<float>(kind, *data);
      for (std::size_t i = 0; i < data->count(); ++i) {
        for (std::size_t j = 0; j < 3; ++j) ASSERT_EQ(inputs(i, j), 0.0f);
      }
    }
  }
}

TEST(Normalizer, PerImageFitsNothing) {
  const Dataset data = make_data<std::uint8_t>(2, {1, 2, 3, 4});
  const Normalizer normalizer = fit_normalizer(Normalization::kPerImage, data, all_rows(data));
  EXPECT_TRUE(normalizer.mean.empty());
  EXPECT_TRUE(normalizer.deviation.empty());
}

TEST(Normalizer, GlobalAndPerFeatureLookAtTheTrainingRowsAlone) {
  const Dataset bytes = make_data<std::uint8_t>(2, {1, 10, 3, 30, 200, 200});
  const Dataset floats = make_data<float>(2, {1, 10, 3, 30, 200, 200});
  const std::vector<std::uint32_t> training = {0, 1};
  for (const Dataset* data : {&bytes, &floats}) {
    const Normalizer global = fit_normalizer(Normalization::kGlobal, *data, training);
    ASSERT_EQ(global.mean.size(), 1u);
    EXPECT_FLOAT_EQ(global.mean[0], 11);
    EXPECT_FLOAT_EQ(global.deviation[0], std::sqrt(131.5f));
    const Normalizer columns = fit_normalizer(Normalization::kPerFeature, *data, training);
    EXPECT_EQ(columns.mean, (std::vector<float>{2, 20}));
    EXPECT_EQ(columns.deviation, (std::vector<float>{1, 10}));
  }
}

TEST(Normalizer, PerFeatureAndGlobalAreAppliedToRowsInTheOrderAskedFor) {
  const Dataset data = make_data<float>(2, {1, 10, 3, 30});
  const std::vector<std::uint32_t> reversed = {1, 0};
  Matrix<float> inputs({2, 2});
  normalize_rows({Normalization::kPerFeature, {2, 20}, {1, 0}}, data, reversed, inputs.view());
  EXPECT_EQ(inputs(0, 0), 1.0f);
  EXPECT_EQ(inputs(1, 0), -1.0f);
  EXPECT_EQ(inputs(0, 1), 0.0f);  // a constant column of the training part
  normalize_rows({Normalization::kGlobal, {2}, {4}}, data, reversed, inputs.view());
  EXPECT_EQ(inputs(0, 1), 7.0f);
  EXPECT_EQ(inputs(1, 0), -0.25f);
}

TEST(Normalizer, NoneDividesBytesBy255AndLeavesOtherValuesAsTheyAre) {
  const auto bytes = normalized<float>(Normalization::kNone, make_data<std::uint8_t>(2, {255, 51}));
  EXPECT_EQ(bytes(0, 0), 1.0f);
  EXPECT_EQ(bytes(0, 1), 0.2f);
  const auto floats = normalized<float>(Normalization::kNone, make_data<float>(2, {255, -3.5f}));
  EXPECT_EQ(floats(0, 0), 255.0f);
  EXPECT_EQ(floats(0, 1), -3.5f);
}

TEST(Normalizer, ADeviationTooSmallToInvertInFloatGivesFiniteInputs) {
  const Dataset data = make_data<float>(2, {0, 1e-40f, 1, 1});
  const auto inputs = normalized<float>(Normalization::kPerImage, data);
  EXPECT_NEAR(inputs(0, 0), -1, 1e-6);
  EXPECT_NEAR(inputs(0, 1), 1, 1e-6);
}

}  // namespace
}  // namespace deltarule
