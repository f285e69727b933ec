// Training on lit pixels and training on normalized rows are the same training.
#include "deltarule/data/lit_pixels.h"

#include <gtest/gtest.h>

#include "deltarule/data/synthetic_digits.h"
#include "deltarule/training/run.h"
#include "deltarule/training/test_data.h"

namespace deltarule {
namespace {

double greatest_difference(const Network<float>& a, const Network<float>& b) {
  double greatest = 0;
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    for (std::size_t i = 0; i < a.layers[l].weights.rows(); ++i) {
      for (std::size_t j = 0; j < a.layers[l].weights.columns(); ++j) {
        const double difference = a.layers[l].weights(i, j) - b.layers[l].weights(i, j);
        greatest = std::max(greatest, std::abs(difference));
      }
    }
  }
  return greatest;
}

TEST(LitPixels, AreMadeWhereTheyPay) {
  const auto lit = make_lit_pixels(make_synthetic_digits(200));
  ASSERT_NE(lit, nullptr);
  EXPECT_EQ(lit->layout.patches(), 196u);
  EXPECT_LT(lit->lit_share, 0.5);
  EXPECT_EQ(make_lit_pixels(make_blobs(60)), nullptr);  // nearly all of it is lit
}

TEST(LitPixels, AreNotMadeWhereAPictureIsBrightAllOver) {
  Dataset digits = make_synthetic_digits(200);
  auto& pixels = std::get<0>(digits.values);
  for (std::size_t i = 0; i < 784; ++i) pixels[i] = static_cast<std::uint8_t>(250 + i % 5);
  EXPECT_EQ(make_lit_pixels(digits), nullptr);
}

TEST(LitPixels, GiveTheSameNetworkAsNormalizedRowsAfterFifteenEpochs) {
  Dataset dense = make_synthetic_digits(1400);
  Dataset sparse = dense;
  sparse.lit = make_lit_pixels(sparse);
  RunOptions options;
  options.hidden = "32:tanh";
  options.epochs = 15;
  options.patience = 0;
  options.learning_rate = 0.05;
  for (const double momentum : {0.0, 0.9}) {
    for (const Normalization normalization : {Normalization::kPerImage, Normalization::kGlobal,
                                              Normalization::kPerFeature, Normalization::kNone}) {
      options.momentum = momentum;
      options.normalize = normalization;
      options.l2 = momentum > 0 ? 1e-4 : 0;
      ThreadTeam team(1);
      const auto a = perform_run(dense, options, 1, {}, team);
      const auto b = perform_run(sparse, options, 1, {}, team);
      EXPECT_LT(greatest_difference(a.training.last, b.training.last), 1e-5)
          << "momentum " << momentum << ", normalization " << static_cast<int>(normalization);
      EXPECT_NEAR(a.training.history.back().layers[0].gradient_norm,
                  b.training.history.back().layers[0].gradient_norm, 1e-4);
      EXPECT_NEAR(a.last.validation.loss, b.last.validation.loss, 1e-5);
    }
  }
}

}  // namespace
}  // namespace deltarule
