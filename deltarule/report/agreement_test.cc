#include "deltarule/report/agreement.h"

#include <gtest/gtest.h>

namespace deltarule {
namespace {

ExperimentResult make_experiment(const std::string& name, const std::vector<double>& accuracies,
                                 double published, const std::string& table = "Table 3") {
  ExperimentResult result;
  result.experiment.name = name;
  result.experiment.paper = PaperResult{table, published, 20};
  std::uint64_t seed = 0;
  for (const double accuracy : accuracies) {
    RunRecord run;
    run.seed = ++seed;
    run.best.test.accuracy = run.last.test.accuracy = accuracy;
    run.stopped_epoch = static_cast<int>(1000 * accuracy);
    result.runs.push_back(run);
  }
  return result;
}

Verdict verdict_of(const std::vector<double>& accuracies, double published) {
  StudyResult result;
  result.experiments = {make_experiment("a", accuracies, published)};
  return judge_agreement(result).at(0).verdict;
}

TEST(Agreement, IsReproducedWhereOneMoreSeedWouldFall) {
  // mean .98, s = .001, t = 4.3027, s √(1 + 1/3) t = .00497
  const std::vector<double> accuracies = {.979, .98, .981};
  EXPECT_EQ(verdict_of(accuracies, .9849), Verdict::kReproduced);
  EXPECT_EQ(verdict_of(accuracies, .9851), Verdict::kNotReproduced);
  EXPECT_EQ(verdict_of(accuracies, .9749), Verdict::kNotReproduced);
}

TEST(Agreement, IsTooUncertainWhereAlmostAnyNumberWouldFall) {
  EXPECT_EQ(verdict_of({.90, .95, .99}, .96), Verdict::kTooUncertain);
  EXPECT_EQ(verdict_of({.90, .95, .99}, .5), Verdict::kNotReproduced);
}

TEST(Agreement, OneSeedSaysNothing) { EXPECT_EQ(verdict_of({.98}, .98), Verdict::kTooFewSeeds); }

TEST(Agreement, SeveralReadingsOfOneTableStandTogether) {
  StudyResult result;
  result.experiments = {make_experiment("a", {.9, .91}, .9, "Table 2"),
                        make_experiment("b", {.9, .91}, .9, "Table 3"),
                        make_experiment("c", {.9, .91}, .9, "Table 2"),
                        make_experiment("not run", {}, .9, "Table 2")};
  std::string order;
  for (const Agreement& agreement : judge_agreement(result)) {
    order += agreement.experiment->experiment.name;
  }
  EXPECT_EQ(order, "acb");
}

Verdict answer_of(const std::vector<double>& x, const std::vector<double>& y,
                  const std::string& metric) {
  StudyResult result;
  result.experiments = {make_experiment("x", x, .9), make_experiment("y", y, .9)};
  result.study.questions = {{"?", "x", "y", metric, ""}};
  return answer_questions(result).at(0).verdict;
}

TEST(AgreementFigure, WritesWhatIsFarOffAtTheEdgeOfTheOthers) {
  StudyResult result;
  result.experiments = {make_experiment("near", {.979, .98, .981}, .98),
                        make_experiment("far", {.19, .2, .21}, .98)};
  const Figure figure = agreement_figure(judge_agreement(result));
  EXPECT_EQ(figure.datasets["shown"]["row"], (nlohmann::json{"Table 3 · near", "Table 3 · near"}));
  EXPECT_EQ(figure.datasets["beyond"]["words"], (nlohmann::json{"◂ −78.0", "◂ −78.0"}));
  EXPECT_NEAR(figure.datasets["beyond"]["edge"][0].get<double>(), -.497, .001);
}

TEST(Answers, SayBetterOnlyWhereTheIntervalLeavesZeroOut) {
  const std::vector<double> low = {.90, .91, .92}, high = {.951, .96, .969};
  EXPECT_EQ(answer_of(high, low, "best.test_accuracy"), Verdict::kBetter);
  EXPECT_EQ(answer_of(low, high, "best.test_accuracy"), Verdict::kWorse);
  EXPECT_EQ(answer_of(low, {.93, .91, .90}, "best.test_accuracy"), Verdict::kNotDistinguishable);
  EXPECT_EQ(answer_of({.9}, {.8}, "best.test_accuracy"), Verdict::kTooFewSeeds);
}

TEST(Answers, CallAnEpochDifferentAndNotBetter) {
  EXPECT_EQ(answer_of({.951, .96, .969}, {.90, .91, .92}, "stopped_epoch"), Verdict::kDifferent);
}

TEST(Answers, SayWhatWasNotMeasured) {
  StudyResult result;
  result.study.questions = {{"?", "x", "y", "best.test_accuracy", ""}};
  EXPECT_EQ(answer_questions(result).at(0).verdict, Verdict::kNotMeasured);
  EXPECT_TRUE(question_figure(answer_questions(result)).panels.empty());
}

}  // namespace
}  // namespace deltarule
