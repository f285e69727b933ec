#include "deltarule/report/study_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

namespace deltarule {
namespace {

using nlohmann::json;
using testing::HasSubstr;

RunRecord make_run(std::uint64_t seed, double accuracy) {
  RunRecord run;
  run.seed = seed;
  run.outcome = Outcome::kStoppedEarly;
  run.stopped_epoch = 2;
  run.best_epoch = 1;
  run.best = {1, {0.25, 0.5}, {0.125, accuracy}};
  run.last = {2, {0.75, 0.25}, {1.0 / 3, accuracy - 0.01}};
  run.seconds = 1.5;
  for (int epoch = 1; epoch <= 2; ++epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.learning_rate = 0.1 / epoch;
    record.train = {1.0 / epoch, 0.5};
    record.validation = {2.0 / epoch, 0.25};
    record.layers = {{3.0, 4.0, 0.5, 0}, {5.0, 6.0, 0, 0.125}};
    run.history.push_back(record);
  }
  return run;
}

StudyResult make_result() {
  StudyResult result;
  result.study.name = "small";
  result.study.questions = {{"Better?", "a", "b", "best.test_accuracy", "a remark"},
                            {"Run?", "a", "absent", "best.test_accuracy", ""}};
  result.study.corrections = {{"says", "right", "{a.best_epoch}"}};
  result.study.paper_entries = {{"Output Bias (128, 0)", 0.5, 0.25, 0.25}};
  result.data_name = "clouds";
  result.data_files = {{"train", "abc"}};
  result.split = {{0, 1, 2}, {3}, {4, 5}};
  result.classes = {"zero", "one"};
  result.class_counts = {{2, 1, 0}, {1, 0, 2}};
  result.duplicates = 1;
  Experiment a;
  a.name = "a";
  a.title = "A, with a \"quoted\" word";
  a.options.momentum = 0.9;
  a.options.split = SplitMethod::kOfficial;
  a.paper = PaperResult{"Table 3", 0.9773, 20};
  Experiment b;
  b.name = "b";
  result.experiments = {{a, {make_run(1, 0.97), make_run(2, 0.98)}, std::nullopt},
                        {b, {make_run(1, 0.95), make_run(2, 0.94)}, std::nullopt}};
  GradientCheck check;
  check.network = "2-2:tanh-2";
  check.tensors = {{"layer 1 weights", 1e-4, 1e-9, 4, 4, 0}};
  check.passed = true;
  result.gradient_checks = {check};
  result.report_entries = {{"Output Bias (128, 0)", 0.5, 0.5, 0}};
  result.environment.version = "0.1.0";
  result.seconds = 12;
  return result;
}

TEST(StudyJson, ReadsBackAsTheNumbersOfTheStudy) {
  const StudyResult result = make_result();
  const json j = json::parse(study_json(result));
  EXPECT_EQ(j["study"], "small");
  EXPECT_EQ(j["version"], "0.1.0");
  EXPECT_EQ(j["data"]["hashes"]["train"], "abc");
  EXPECT_EQ(j["data"]["split"]["method"], "official");
  EXPECT_EQ(j["data"]["split"]["train"], 3);
  EXPECT_EQ(j["data"]["split"]["counts"]["one"]["test"], 2);
  EXPECT_EQ(j["data"]["split"]["duplicates"], 1);

  const json& a = j["experiments"][0];
  EXPECT_EQ(a["options"]["momentum"], 0.9);
  EXPECT_EQ(a["options"].size(), run_options().options().size());
  EXPECT_EQ(a["paper"]["table"], "Table 3");
  EXPECT_EQ(a["paper"]["test_accuracy"], 0.9773);
  EXPECT_EQ(a["paper"]["stopped_epoch"], 20);
  EXPECT_TRUE(j["experiments"][1]["paper"].is_null());

  const json& run = a["runs"][1];
  EXPECT_EQ(run["seed"], 2);
  EXPECT_EQ(run["outcome"], "stopped early");
  EXPECT_EQ(run["stopped_epoch"], 2);
  EXPECT_EQ(run["best_epoch"], 1);
  EXPECT_EQ(run["best"]["epoch"], 1);
  EXPECT_EQ(run["best"]["validation_loss"], 0.25);
  EXPECT_EQ(run["best"]["test_accuracy"], 0.98);
  EXPECT_EQ(run["last"]["test_loss"].get<double>(), 1.0 / 3) << "every digit is kept";
  EXPECT_EQ(run["seconds"], 1.5);
  EXPECT_EQ(run["history"]["epoch"], json({1, 2}));
  EXPECT_EQ(run["history"]["validation_loss"], json({2.0, 1.0}));
  EXPECT_EQ(run["history"]["layers"][1]["saturated_share"], json({0.125, 0.125}));

  const Summary summary = summarize(metric_of(result.experiments[0], "best.test_accuracy"));
  const json& found = a["summary"]["best.test_accuracy"];
  EXPECT_EQ(found["n"], 2);
  EXPECT_EQ(found["mean"].get<double>(), summary.mean);
  EXPECT_EQ(found["deviation"].get<double>(), summary.deviation);
  EXPECT_EQ(found["mean_95"][0].get<double>(), summary.mean_95.low);
  EXPECT_EQ(found["next_95"][1].get<double>(), summary.next_95.high);
  EXPECT_EQ(a["summary"].size(), metric_names().size());
}

TEST(StudyJson, AnswersQuestionsAndSetsThePapersEntriesBesideOurs) {
  const StudyResult result = make_result();
  const json j = json::parse(study_json(result));
  EXPECT_NEAR(j["questions"][0]["difference"]["mean"].get<double>(), 0.03, 1e-12);
  EXPECT_EQ(j["questions"][0]["p_value"].get<double>(),
            compare(result, result.study.questions[0])->p_value);
  EXPECT_TRUE(j["questions"][1]["difference"].is_null());
  EXPECT_EQ(j["corrections"][0]["measured"], "{a.best_epoch}");
  EXPECT_EQ(j["gradient_check"]["networks"][0]["passed"], true);
  EXPECT_EQ(j["gradient_check"]["networks"][0]["tensors"][0]["relative_error"], 1e-9);
  EXPECT_EQ(j["gradient_check"]["entries"][0]["paper"]["backprop"], 0.25);
}

TEST(StudyJson, WritesNullForWhatIsNotFinite) {
  StudyResult result = make_result();
  result.experiments[0].runs.resize(1);
  result.experiments[0].runs[0].last.test.loss = std::numeric_limits<double>::quiet_NaN();
  result.experiments[0].runs[0].history[1].train.loss = std::numeric_limits<double>::infinity();
  const json j = json::parse(study_json(result));
  const json& a = j["experiments"][0];
  EXPECT_TRUE(a["runs"][0]["last"]["test_loss"].is_null());
  EXPECT_TRUE(a["runs"][0]["history"]["train_loss"][1].is_null());
  EXPECT_TRUE(a["summary"]["best.test_accuracy"]["mean_95"][0].is_null()) << "of a single run";
}

TEST(StudyJson, CanBeWrittenBeforeTheFirstRunIsDone) {
  StudyResult result = make_result();
  for (ExperimentResult& experiment : result.experiments) experiment.runs.clear();
  result.interrupted = true;
  const json j = json::parse(study_json(result));
  EXPECT_TRUE(j["experiments"][0]["runs"].empty());
  EXPECT_TRUE(j["experiments"][0]["summary"].empty());
  EXPECT_EQ(j["interrupted"], true);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(StudyCsv, HasALineForEachExperimentWithQuotedTexts) {
  const std::vector<std::string> lines = lines_of(experiments_csv(make_result()));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("name,title,group,paper_table,paper_test_accuracy"));
  EXPECT_THAT(lines[0], HasSubstr(",best.test_accuracy.mean,best.test_accuracy.deviation,"));
  EXPECT_THAT(lines[1],
              HasSubstr("a,\"A, with a \"\"quoted\"\" word\",,Table 3,0.9773,20,2,0.975,"));
  EXPECT_THAT(lines[2], HasSubstr("b,,,,,,2,"));
}

TEST(StudyCsv, HasALineForEachRunWithAsManyFieldsAsTheFirst) {
  const std::vector<std::string> lines = lines_of(runs_csv(make_result()));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_THAT(lines[2], HasSubstr("a,2,stopped early,0.98,0.125,0.5,0.25,"));
  for (const std::string& line : lines) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','),
              std::count(lines[0].begin(), lines[0].end(), ','));
  }
}

}  // namespace
}  // namespace deltarule
