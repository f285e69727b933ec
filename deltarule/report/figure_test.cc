#include "deltarule/report/figure.h"

#include <gtest/gtest.h>

#include <limits>

#include "deltarule/report/curves.h"
#include "deltarule/report/report_fixture.h"
#include "deltarule/report/sweeps.h"

namespace deltarule {
namespace {

TEST(Figure, RoundsToSixSignificantDigits) {
  EXPECT_EQ(nlohmann::json(rounded(1.0 / 3)).dump(), "0.333333");
  EXPECT_EQ(nlohmann::json(rounded(1234567.0)).dump(), "1234570.0");
}

TEST(Figure, ComesOutWithNamesThatAreNoUtf8) {
  Figure figure;
  figure.id = "f";
  figure.title = "bytes \xff";
  figure.panels.push_back({"</script>", nlohmann::json::object()});
  const std::string markup = render(figure).markup;
  EXPECT_EQ(markup.find("</script>"), markup.rfind("</script>"));
}

TEST(Figure, DashesLinesWhoseColorsBeginAgain) {
  EXPECT_EQ(series_color(0), series_color(8));
  EXPECT_FALSE(series_dashed(7));
  EXPECT_TRUE(series_dashed(8));
}

ExperimentResult with_losses(const std::vector<std::vector<double>>& losses_of_seeds) {
  ExperimentResult result;
  for (const auto& losses : losses_of_seeds) {
    RunRecord run;
    for (const double loss : losses) {
      EpochRecord record;
      record.validation = {loss, .9};
      record.train = {loss, .9};
      run.history.push_back(record);
    }
    run.best_epoch = 1;
    result.runs.push_back(run);
  }
  return result;
}

TEST(Curves, TakeTheBandOverTheSeedsThatAreStillTraining) {
  const Figure figure = experiment_curves("f", "Figure", with_losses({{1, .5, .2}, {.8, .7}}));
  const nlohmann::json& table = figure.datasets["0"];
  // Training first, then validation: three epochs each.
  EXPECT_EQ(table["epoch"], (nlohmann::json{1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(table["seeds"], (nlohmann::json{2, 2, 1, 2, 2, 1}));
  EXPECT_EQ(table["mean"], (nlohmann::json{.9, .6, .2, .9, .6, .2}));
  EXPECT_EQ(table["low"], (nlohmann::json{.8, .5, .2, .8, .5, .2}));
  EXPECT_EQ(table["high"], (nlohmann::json{1., .7, .2, 1., .7, .2}));
}

TEST(Curves, EndWhereARunDiverges) {
  const Figure figure =
      experiment_curves("f", "Figure", with_losses({{1, std::numeric_limits<double>::infinity()}}));
  EXPECT_EQ(figure.datasets["0"]["epoch"], (nlohmann::json{1, 1}));
}

TEST(Curves, KeepExperimentsOfOneTitleApart) {
  ExperimentResult a = with_losses({{1}}), b = with_losses({{2}});
  a.experiment.title = b.experiment.title = "same";
  a.experiment.name = "a";
  b.experiment.name = "b";
  const Figure figure = compared_curves("f", "Figure", {&a, &b});
  EXPECT_EQ(figure.keys.at(0).label, "same (a)");
  EXPECT_EQ(figure.keys.at(1).label, "same (b)");
}

TEST(PenaltySweep, TakesExperimentsThatDifferInNothingElse) {
  const Dataset data = report_fixture::make_dataset();
  const StudyResult study = report_fixture::make_study(data, 2);
  std::vector<const ExperimentResult*> all;
  for (const ExperimentResult& result : study.experiments) all.push_back(&result);
  const Figure figure = penalty_sweep("f", all);
  ASSERT_EQ(figure.panels.size(), 1u);
  EXPECT_EQ(figure.keys.size(), 3u);  // L1, L2 and no penalty
  EXPECT_EQ(figure.datasets["sweep"]["lambda"],
            (nlohmann::json{1e-5, 1e-4, 1e-3, 1e-4, 1e-3, .01}));

  StudyResult other = study;  // one of the three L1 trains with another batch
  for (ExperimentResult& result : other.experiments) {
    if (result.experiment.name == "fair-l1-3") result.experiment.options.batch = 7;
  }
  all.clear();
  for (const ExperimentResult& result : other.experiments) all.push_back(&result);
  EXPECT_EQ(penalty_sweep("f", all).keys.size(), 2u);
}

}  // namespace
}  // namespace deltarule
