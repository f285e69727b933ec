#include "deltarule/evaluation/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace deltarule {
namespace {

using testing::ElementsAre;

Matrix<float> make_matrix(const std::vector<std::vector<float>>& rows) {
  Matrix<float> matrix({rows.size(), rows.front().size()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), matrix.row(i).begin());
  }
  return matrix;
}

TEST(MostProbable, TakesTheLowestIndexAmongEquals) {
  EXPECT_EQ(most_probable(std::vector<float>{.2f, .5f, .3f}), 1u);
  EXPECT_EQ(most_probable(std::vector<float>{.1f, .4f, .1f, .4f}), 1u);
  EXPECT_EQ(most_probable(std::vector<float>(10, .1f)), 0u);
}

TEST(ConfusionMatrix, HasTruthInRowsAndPredictionsInColumns) {
  const Matrix<float> probabilities =
      make_matrix({{.9f, .1f, 0}, {.2f, .8f, 0}, {.1f, .7f, .2f}, {.5f, .5f, 0}});
  const std::vector<std::uint16_t> labels = {0, 1, 2, 1};
  EXPECT_THAT(confusion_matrix(probabilities.view(), labels, 3),
              ElementsAre(ElementsAre(1, 0, 0), ElementsAre(1, 1, 0), ElementsAre(0, 1, 0)));
}

TEST(ConfusionMatrix, OfNothingIsZeros) {
  EXPECT_THAT(confusion_matrix(Matrix<float>({0, 2}).view(), {}, 2),
              ElementsAre(ElementsAre(0, 0), ElementsAre(0, 0)));
}

TEST(ClassScores, AgreeWithAHandCalculation) {
  const std::vector<ClassScore> scores = class_scores({{8, 2}, {4, 6}});
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].examples, 10u);
  EXPECT_DOUBLE_EQ(scores[0].precision, 8.0 / 12);
  EXPECT_DOUBLE_EQ(scores[0].recall, 8.0 / 10);
  EXPECT_DOUBLE_EQ(scores[0].f1, 16.0 / 22);
  EXPECT_DOUBLE_EQ(scores[1].precision, 6.0 / 8);
  EXPECT_DOUBLE_EQ(scores[1].recall, 6.0 / 10);
  EXPECT_DOUBLE_EQ(scores[1].f1, 12.0 / 18);
}

TEST(ClassScores, AreZeroForAClassWithoutExamplesOrPredictions) {
  // Class 1 is never predicted, class 2 has no examples, class 3 has neither.
  const std::vector<ClassScore> scores =
      class_scores({{5, 0, 1, 0}, {2, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
  for (const std::size_t c : {1, 2, 3}) {
    EXPECT_EQ(scores[c].precision, 0) << c;
    EXPECT_EQ(scores[c].recall, 0) << c;
    EXPECT_EQ(scores[c].f1, 0) << c;
  }
  EXPECT_EQ(scores[1].examples, 2u);
  EXPECT_EQ(scores[2].examples, 0u);
  EXPECT_DOUBLE_EQ(scores[0].precision, 5.0 / 7);
}

TEST(MistakesByLoss, ListsTheGreatestLossFirstAndLeavesOutWhatIsRight) {
  const Matrix<float> probabilities =
      make_matrix({{.6f, .4f}, {.25f, .75f}, {.9f, .1f}, {.4f, .6f}});
  const std::vector<std::uint16_t> labels = {1, 1, 1, 0};
  const std::vector<Mistake> mistakes = mistakes_by_loss(probabilities.view(), labels);
  ASSERT_EQ(mistakes.size(), 3u);
  EXPECT_EQ(mistakes[0].row, 2u);
  EXPECT_EQ(mistakes[0].truth, 1u);
  EXPECT_EQ(mistakes[0].predicted, 0u);
  EXPECT_NEAR(mistakes[0].loss, -std::log(.1), 1e-6);
  EXPECT_NEAR(mistakes[0].probability, .9, 1e-6);
  // Rows 0 and 3 lose the same: they keep their order.
  EXPECT_EQ(mistakes[1].row, 0u);
  EXPECT_EQ(mistakes[2].row, 3u);
}

TEST(MistakesByLoss, StayFiniteAtAProbabilityOfZero) {
  const Matrix<float> probabilities = make_matrix({{1, 0}});
  const std::vector<std::uint16_t> labels = {1};
  const std::vector<Mistake> mistakes = mistakes_by_loss(probabilities.view(), labels);
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_GT(mistakes[0].loss, 100);
  EXPECT_TRUE(std::isfinite(mistakes[0].loss));
}

}  // namespace
}  // namespace deltarule
