// What `deltarule bench` says and in which shape. No test here holds a time.
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Bench = Program;

void expect_positive(const json& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    ASSERT_TRUE(object.contains(key) && object[key].is_number()) << key << " in " << object;
    EXPECT_GT(object[key].get<double>(), 0) << key;
  }
}

TEST_F(Bench, AsJsonHasAllThatWasAskedForAndPositiveNumbers) {
  make_digits();
  const json found =
      json::parse(run_well({"bench", "--data", "digits", "--networks", "784-10,784-16-10",
                            "--threads", "1,2", "--momentum", "0.5", "--quick", "--json"}));
  EXPECT_NE(found["target"], "");
  expect_positive(found["floor"], {"fp32_gflops", "fp32_gflops_all_threads", "l2_gb_per_second",
                                   "l3_gb_per_second", "dram_gb_per_second"});
  std::vector<std::string> rows;
  for (const json& row : found["epochs"]) {
    rows.push_back(row["network"].get<std::string>() + " " + row["path"].get<std::string>() + " " +
                   std::to_string(row["threads"].get<int>()));
    expect_positive(
        row, {"milliseconds", "share_of_floor", "floor_gflops", "examples_timed", "threads_used"});
    EXPECT_EQ(row["each_milliseconds"].size(), 2u);
  }
  EXPECT_THAT(rows,
              testing::ElementsAre("784-10 sparse 1", "784-10 sparse 2", "784-10 dense 1",
                                   "784-10 dense 2", "784-16-10 sparse 1", "784-16-10 sparse 2",
                                   "784-16-10 dense 1", "784-16-10 dense 2"));
  ASSERT_EQ(found["prediction"].size(), 2u);
  for (const json& row : found["prediction"]) {
    expect_positive(row, {"p50_us", "p99_us", "images_per_second"});
    EXPECT_GE(row["p99_us"], row["p50_us"]);
  }
  EXPECT_EQ(found["prediction"][0]["path"], "sparse");
  EXPECT_EQ(found["examples"], 600);
  EXPECT_EQ(found["momentum"], 0.5);
  EXPECT_EQ(found["quick"], true);
  EXPECT_EQ(found["environment"]["version"], DELTARULE_VERSION);
}

TEST_F(Bench, AsATableNamesMachineDataAndNetworks) {
  make_digits();
  const Outcome outcome = run({"bench", "--data", "digits", "--networks", "784-8:relu-10",
                               "--threads", "1", "--paths", "dense", "--epochs", "1", "--quick"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* part : {"machine", "GFLOP/s", "digits", "784-8:relu-10", "of the floor", "p99",
                           "1 × 600", "Quick"}) {
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("sparse")));
  EXPECT_THAT(outcome.err, HasSubstr("784-8:relu-10, dense, 1 thread: "));
}

TEST_F(Bench, OnATableOfNumbersIsDense) {
  std::string text = "x,y,label\n";
  for (int i = 0; i < 300; ++i) {
    text += std::to_string(i % 7) + ".5,1.25," + (i % 7 < 3 ? "a" : "b") + "\n";
  }
  write("t.csv", text);
  const Outcome outcome = run(
      {"bench", "--data", "t.csv", "--networks", "2-4-2", "--threads", "1", "--quick", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("no sparse path"));
  EXPECT_EQ(json::parse(outcome.out)["epochs"][0]["path"], "dense");
}

TEST_F(Bench, InterruptedSaysWhatItHasAndExits130) {
  make_digits();
  const auto interrupt = [sent = false](const std::string& err, pid_t process) mutable {
    if (sent || err.find("784-10, sparse, 1 thread: ") == std::string::npos) return;
    sent = true;
    kill(process, SIGINT);
  };
  const Outcome outcome =
      run(Invocation{{"bench", "--data", "digits", "--networks", "784-10,784-2000-2000-10",
                      "--threads", "1", "--epochs", "50", "--json"},
                     "",
                     {},
                     interrupt});
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const json found = json::parse(outcome.out);
  EXPECT_EQ(found["interrupted"], true);
  EXPECT_EQ(found["epochs"][0]["network"], "784-10");
  EXPECT_LT(found["epochs"].size(), 4u);
}

TEST_F(Bench, RefusesWhatItCannotMeasure) {
  make_digits();
  const auto expect_refused = [&](const std::vector<std::string>& flags, const char* part) {
    std::vector<std::string> arguments = {"bench", "--data", "digits"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << part;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(part));
  };
  expect_refused({"--paths", "spares"}, "did you mean \"sparse\"");
  expect_refused({"--networks", "100-10"}, "784 inputs");
  expect_refused({"--networks", "784-12"}, "10 classes");
  expect_refused({"--networks", "784-12:thanh-10"}, "tanh");
  expect_refused({"--networks", ","}, "--networks");
  expect_refused({"--threads", "0"}, "--threads");
  expect_refused({"--threads", "1,some"}, "some");
  expect_refused({"--momentum", "1.5"}, "0 to 0.9999");
  expect_refused({"--epochs", "-1"}, "--epochs");
}

}  // namespace
}  // namespace deltarule::cli_test
