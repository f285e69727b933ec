#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Study = Program;

constexpr const char* kStudy = R"(
name = "two"
title = "Two networks"
seeds = 3
[[group]]
name = "All"
[[experiment]]
name = "softmax"
title = "Softmax"
group = "All"
hidden = "none"
epochs = 3
[[experiment]]
name = "tanh"
title = "Tanh"
group = "All"
hidden = "8:tanh"
epochs = 3
)";

TEST_F(Study, QuickOnOneExperimentWritesEveryFile) {
  make_digits();
  write("two.toml", kStudy);
  const std::string closing = run_well({"study", "two.toml", "--quick", "--only", "tanh", "--data",
                                        "digits", "--out", "o", "--quiet"});
  EXPECT_THAT(closing, HasSubstr("o/report.html"));
  EXPECT_THAT(closing, HasSubstr("tanh"));
  for (const char* name : {"o/report.html", "o/study.json", "o/experiments.csv", "o/runs.csv",
                           "o/models/tanh.safetensors"}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  const json study = json::parse(read("o/study.json"));
  EXPECT_EQ(study["experiments"].size(), 1u);
  EXPECT_EQ(study["experiments"][0]["runs"].size(), 1u);
  run_well({"evaluate", "o/models/tanh.safetensors", "--data", "digits"});
}

TEST_F(Study, TakesItsSeedsFromTheFlagAndGivesTheSameNumbersWithAnyNumberOfThreads) {
  make_digits();
  write("two.toml", kStudy);
  const auto accuracies = [&](const std::string& threads) {
    run_well(
        {"study", "two.toml", "--seeds", "2", "--threads", threads, "--data", "digits", "--quiet"});
    std::vector<double> found;
    const json study = json::parse(read("out/two/study.json"));
    for (const json& experiment : study["experiments"]) {
      for (const json& run : experiment["runs"]) found.push_back(run["last"]["test_loss"]);
    }
    return found;
  };
  const std::vector<double> one = accuracies("1");
  EXPECT_EQ(one.size(), 4u);
  EXPECT_EQ(accuracies("3"), one);
}

TEST_F(Study, WithoutAFileIsTheReportsOwn) {
  const Outcome outcome = run({"study", "--quick", "--only", "no-such-experiment"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no-such-experiment"));
  EXPECT_FALSE(exists("out"));
}

}  // namespace
}  // namespace deltarule::cli_test
