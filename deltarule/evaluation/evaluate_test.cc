#include "deltarule/evaluation/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "deltarule/evaluation/metrics.h"

namespace deltarule {
namespace {

/// 600 examples of two numbers; a softmax regression that mostly has them right.
struct Setting {
  Dataset data;
  Normalizer normalizer{Normalization::kNone, {}, {}};
  Network<float> network = make_zero_network<float>(parse_spec("2-3", "test"));
  std::vector<std::uint32_t> rows;

  Setting() {
    std::vector<float> values;
    for (std::uint32_t i = 0; i < 600; ++i) {
      values.push_back(static_cast<float>(i % 7) - 3);
      values.push_back(static_cast<float>(i % 5) - 2);
      data.labels.push_back(static_cast<std::uint16_t>(i % 3));
      rows.push_back(599 - i);
    }
    data.features = 2;
    data.classes = {"a", "b", "c"};
    data.training_count = 600;
    data.values = values;
    network.layers[0].weights(0, 0) = 0.5f;
    network.layers[0].weights(1, 2) = -1.25f;
    network.layers[0].biases(0, 1) = 0.125f;
  }
};

TEST(Evaluate, ScoresEveryRowOnceWhateverTheStretches) {
  const Setting s;
  double loss = 0;
  int correct = 0;
  for (const std::uint32_t row : s.rows) {
    const auto x = s.data.floats(row);
    const double logits[] = {0.5 * x[0], 0.125, -1.25 * x[1]};
    const double sum = std::exp(logits[0]) + std::exp(logits[1]) + std::exp(logits[2]);
    loss += std::log(sum) - logits[s.data.labels[row]];
    correct += std::max_element(logits, logits + 3) - logits == s.data.labels[row];
  }
  EvaluationWorkspace workspace(s.network.spec);
  ThreadTeam team(1);
  const Score score = evaluate(s.network, s.data, s.normalizer, s.rows, workspace, team);
  EXPECT_NEAR(score.loss, loss / 600, 1e-6);
  EXPECT_DOUBLE_EQ(score.accuracy, correct / 600.0);
}

TEST(Evaluate, GivesTheSameBitsAtAnyNumberOfThreads) {
  const Setting s;
  const auto loss_on = [&](int threads) {
    EvaluationWorkspace workspace(s.network.spec, threads);
    ThreadTeam team(threads);
    return evaluate(s.network, s.data, s.normalizer, s.rows, workspace, team).loss;
  };
  for (const int threads : {2, 3, 7, 16}) EXPECT_EQ(loss_on(1), loss_on(threads));
}

TEST(Evaluate, OfNothingIsZero) {
  const Setting s;
  EvaluationWorkspace workspace(s.network.spec);
  ThreadTeam team(1);
  EXPECT_EQ(evaluate(s.network, s.data, s.normalizer, {}, workspace, team).loss, 0);
}

TEST(Predict, GivesProbabilitiesInTheOrderOfTheRows) {
  const Setting s;
  ThreadTeam team(1);
  const Matrix<float> all = predict(s.network, s.data, s.normalizer, s.rows, team);
  const std::vector<std::uint32_t> one = {s.rows[300]};
  const Matrix<float> single = predict(s.network, s.data, s.normalizer, one, team);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(all(300, k), single(0, k));
  EXPECT_NEAR(all(0, 0) + all(0, 1) + all(0, 2), 1, 1e-6);
}

}  // namespace
}  // namespace deltarule
