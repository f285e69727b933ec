#include "deltarule/report/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace deltarule {
namespace {

TEST(NumberText, DropsTheZeroBeforeThePointAndKeepsTheDecimals) {
  EXPECT_EQ(decimal_text(.978, 4), ".9780");
  EXPECT_EQ(decimal_text(1, 4), "1.0000");
  EXPECT_EQ(decimal_text(-.0314, 2), "−.03");
  EXPECT_EQ(decimal_text(-.00001, 2), ".00");
  EXPECT_EQ(decimal_text(29.44, 1), "29.4");
  EXPECT_EQ(decimal_text(std::numeric_limits<double>::quiet_NaN(), 2), "not a number");
}

TEST(NumberText, SignsADifferenceButNotZero) {
  EXPECT_EQ(signed_text(.0003, 4), "+.0003");
  EXPECT_EQ(signed_text(-.0003, 4), "−.0003");
  EXPECT_EQ(signed_text(.00001, 4), ".0000");
}

TEST(NumberText, WritesSmallNumbersAsPowersOfTen) {
  EXPECT_EQ(scientific_text(1.1999e-6, 3), "1.20 × 10⁻⁶");
  EXPECT_EQ(scientific_text(-2e12, 1), "−2 × 10¹²");
  EXPECT_EQ(scientific_text(1e-7, 1), "10⁻⁷");
  EXPECT_EQ(scientific_text(.0015), ".0015");
  EXPECT_EQ(scientific_text(0), "0");
}

TEST(NumberText, GivesAnIntervalOnlyWhereThereIsOne) {
  Summary summary;
  EXPECT_EQ(mean_text(summary, 4), "—");
  const std::vector<double> one = {.5};
  EXPECT_EQ(mean_text(summarize(one), 4), ".5000");
  EXPECT_EQ(interval_text(summarize(one).next_95, 4), "—");
  const std::vector<double> two = {.4, .6};  // t = 12.7062, s/√n = .1
  EXPECT_EQ(mean_text(summarize(two), 2), ".50 ± 1.27");
}

TEST(NumberText, CountsAndTimesReadAsSentencesDo) {
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_of(1, "seed"), "1 seed");
  EXPECT_EQ(count_of(2, "accuracy", "accuracies"), "2 accuracies");
  EXPECT_EQ(duration_text(8.24), "8.2 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(3900), "1 h 5 min");
  EXPECT_EQ(p_text(.0004), "p\u00a0<\u00a0.001");
  EXPECT_EQ(p_text(.306), "p\u00a0=\u00a0.31");
}

TEST(FillMeasurements, ReplacesWhatWasMeasuredAndNamesWhatWasNot) {
  StudyResult result;
  ExperimentResult tanh;
  tanh.experiment.name = "tanh";
  for (const double accuracy : {.97, .98, .99}) {
    RunRecord run;
    run.last.test.accuracy = accuracy;
    run.stopped_epoch = 20;
    tanh.runs.push_back(run);
  }
  result.experiments.push_back(tanh);
  EXPECT_EQ(fill_measurements("It is {tanh.last.test_accuracy}, at {tanh.stopped_epoch}.", result),
            "It is .9800 ± .0248 (last weights, 3 seeds), at 20.0 ± 0.0 (3 seeds).");
  EXPECT_EQ(fill_measurements("{relu.best.test_loss}", result), "(relu: not measured)");
}

TEST(FillMeasurements, LeavesOtherBracesAsTheyAre) {
  const StudyResult result;
  for (const char* words : {"{x} and {tanh.no_metric}", "open { only", "} {", "", "plain"}) {
    EXPECT_EQ(fill_measurements(words, result), words);
  }
}

}  // namespace
}  // namespace deltarule
