// From data to a model to answers, as a person goes.
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using RoundTrip = Program;

TEST_F(RoundTrip, TrainsEvaluatesAndPredicts) {
  make_digits();
  const json trained =
      json::parse(run_well({"train", "--data", "digits", "--hidden", "32:relu", "--epochs", "15",
                            "--learning-rate", "0.2", "--json"}));
  EXPECT_EQ(trained["network"], "784-32:relu-10");
  EXPECT_EQ(trained["weights"], "best");
  EXPECT_EQ(trained["history"].size(), trained["stopped_epoch"]);
  EXPECT_EQ(trained["options"]["hidden"], "32:relu");
  EXPECT_GT(trained["best"]["test_accuracy"], 0.5);

  const json judged =
      json::parse(run_well({"evaluate", "model.safetensors", "--data", "digits", "--json"}));
  EXPECT_EQ(judged["part"], "test");
  EXPECT_EQ(judged["examples"], 100);
  EXPECT_EQ(judged["accuracy"], trained["best"]["test_accuracy"]);
  EXPECT_EQ(judged["loss"], trained["best"]["test_loss"]);

  const json predicted = json::parse(run_well(
      {"predict", "model.safetensors", "digits/t10k-images-idx3-ubyte", "--top", "0", "--json"}));
  ASSERT_EQ(predicted.size(), 100u);
  const std::string labels = read("digits/t10k-labels-idx1-ubyte").substr(8);
  double right = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (predicted[i]["class"] == std::to_string(labels[i])) right += 0.01;
    EXPECT_EQ(predicted[i]["probabilities"].size(), 10u);
  }
  EXPECT_NEAR(right, judged["accuracy"], 1e-9);
}

TEST_F(RoundTrip, ValidationPartIsDrawnAgainAsTheTrainingDrewIt) {
  make_digits();
  const json trained = json::parse(
      run_well({"train", "--data", "digits", "--hidden", "none", "--epochs", "3", "--json"}));
  const json judged = json::parse(run_well(
      {"evaluate", "model.safetensors", "--data", "digits", "--part", "validation", "--json"}));
  EXPECT_EQ(judged["loss"], trained["best"]["validation_loss"]);
}

TEST_F(RoundTrip, ChangedDataAreKnownByTheirBytes) {
  std::string table = "a,b,label\n";
  for (int i = 0; i < 60; ++i) {
    table += std::to_string(i) + "," + std::to_string(i % 7) + "," + (i % 2 ? "x" : "y") + "\n";
  }
  write("t.csv", table);
  run_well({"train", "--data", "t.csv", "--normalize", "per-feature", "--epochs", "1"});
  const auto judge = [&] {
    return json::parse(run_well({"evaluate", "model.safetensors", "--data", "t.csv", "--json"}));
  };
  EXPECT_EQ(judge()["part"], "test");
  write("t.csv", table + "61,3,x\n");
  const json judged = judge();
  EXPECT_EQ(judged["part"], "all");
  EXPECT_THAT(judged["note"].get<std::string>(), HasSubstr("not the bytes"));
  EXPECT_EQ(
      run({{"evaluate", "model.safetensors", "--data", "t.csv", "--part", "test"}, ""}).exit_code,
      2);
}

TEST_F(RoundTrip, HiddenNoneIsSoftmaxRegression) {
  make_digits();
  const std::string summary = run_well(
      {"train", "--data", "digits", "--hidden", "none", "--epochs", "2", "-o", "s.safetensors"});
  EXPECT_THAT(summary, HasSubstr("784-10"));
  EXPECT_TRUE(exists("s.safetensors"));
}

TEST_F(RoundTrip, FlagsWinOverTheFileAndTheFileOverDefaults) {
  make_digits();
  write("c.toml", "hidden = \"8:relu\"\nepochs = 2\nmomentum = 0.5\n");
  const json trained = json::parse(run_well({"train", "--data", "digits", "--config", "c.toml",
                                             "--momentum", "0.25", "--nesterov", "--json"}));
  EXPECT_EQ(trained["options"]["hidden"], "8:relu");
  EXPECT_EQ(trained["options"]["epochs"], 2);
  EXPECT_EQ(trained["options"]["momentum"], 0.25);
  EXPECT_EQ(trained["options"]["nesterov"], true);
  EXPECT_EQ(trained["options"]["batch"], 128);
}

TEST_F(RoundTrip, TheSameSeedGivesTheSameBytesWithAnyNumberOfThreads) {
  make_digits();
  const auto train = [&](const std::string& threads, const std::string& seed) {
    run_well({"train", "--data", "digits", "--hidden", "32:tanh,16:relu", "--epochs", "3",
              "--threads", threads, "--seed", seed, "--quiet"});
    return read("model.safetensors");
  };
  const std::string one = train("1", "5");
  EXPECT_EQ(train("2", "5"), one);
  EXPECT_EQ(train("4", "5"), one);
  EXPECT_NE(train("1", "6"), one);
}

TEST_F(RoundTrip, MessagesGoToStandardErrorAndQuietSilencesThem) {
  make_digits();
  const Outcome loud = run({"train", "--data", "digits", "--hidden", "none", "--epochs", "3"});
  EXPECT_THAT(loud.err, HasSubstr("learning_rate = 0.1"));
  EXPECT_THAT(loud.err, HasSubstr("also among the training examples"));
  EXPECT_THAT(loud.err, HasSubstr("epoch   3 of 3"));
  EXPECT_THAT(loud.err, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(loud.out, HasSubstr("best epoch"));
  const Outcome quiet =
      run({"train", "--data", "digits", "--hidden", "none", "--epochs", "3", "--quiet"});
  EXPECT_EQ(quiet.err, "");
}

TEST_F(RoundTrip, APictureIsPreparedAndReadFromAFileOrStandardInput) {
  make_model();
  run_well({"data", "show", "digits", "--class", "0", "--count", "1", "--out", "zero.png"});
  const json from_file =
      json::parse(run_well({"predict", "model.safetensors", "zero.png", "--json"}));
  ASSERT_EQ(from_file.size(), 1u);
  EXPECT_EQ(from_file[0]["probabilities"].size(), 3u);
  const Outcome piped =
      run(Invocation{{"predict", "model.safetensors", "-", "--json"}, read("zero.png")});
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  EXPECT_EQ(json::parse(piped.out)[0]["probabilities"], from_file[0]["probabilities"]);
}

TEST_F(RoundTrip, OnACsvWithNamedClassesAndItsOwnTestPart) {
  std::string table = "length,width,kind\r\n", rows;
  for (int i = 0; i < 120; ++i) {
    const std::string features = std::to_string(i % 7 + 10 * (i % 2)) + "," + std::to_string(i % 5);
    table += features + (i % 2 ? ",\"large, red\"\r\n" : ",small\r\n");
    rows += features + "\n";
  }
  write("t.csv", table);
  run_well({"train", "--data", "t.csv", "--label", "kind", "--normalize", "per-feature", "--hidden",
            "8", "--epochs", "40", "--quiet"});
  const json judged = json::parse(
      run_well({"evaluate", "model.safetensors", "--data", "t.csv", "--label", "kind", "--json"}));
  EXPECT_EQ(judged["part"], "test");
  EXPECT_EQ(judged["examples"], 18);
  EXPECT_EQ(judged["accuracy"], 1.0);

  write("rows.csv", rows);
  const Outcome unlabelled = run(Invocation{{"predict", "model.safetensors", "-", "--json"}, rows});
  ASSERT_EQ(unlabelled.exit_code, 0) << unlabelled.err;
  const json labelled =
      json::parse(run_well({"predict", "model.safetensors", "t.csv", "--label", "kind", "--json"}));
  ASSERT_EQ(labelled.size(), 120u);
  EXPECT_EQ(labelled[1]["class"], "large, red");
  EXPECT_EQ(json::parse(unlabelled.out)[1]["class"], "large, red");
}

TEST_F(RoundTrip, ATrainingThatDivergesSaysSoAndSavesTheBestSoFar) {
  make_digits();
  const Outcome outcome = run({"train", "--data", "digits", "--hidden", "16:relu", "--reduction",
                               "sum", "--learning-rate", "1000"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("diverged"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("nan")));
  EXPECT_THAT(outcome.err, HasSubstr("smaller --learning-rate"));
  EXPECT_TRUE(exists("model.safetensors"));
}

TEST_F(RoundTrip, CheckPassesAndSaysSoAsJson) {
  make_digits();
  const json checked = json::parse(run_well({"check", "--data", "digits", "--hidden", "16:sigmoid",
                                             "--per-tensor", "50", "--json", "--quiet"}));
  EXPECT_EQ(checked["passed"], true);
  EXPECT_LT(checked["gradient_checks"][0]["worst_relative_error"], 1e-7);
  EXPECT_GE(checked["preflight"].size(), 4u);
}

TEST_F(RoundTrip, CheckExits3WhenACheckFails) {
  make_digits();
  // All weights zero: the hidden units are all alike, so that no batch is ever overfitted.
  const Outcome outcome = run({"check", "--data", "digits", "--hidden", "16:tanh", "--initializer",
                               "zeros", "--per-tensor", "20"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("FAIL"));
}

}  // namespace
}  // namespace deltarule::cli_test
