// Ctrl-C keeps what is finished.
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Interrupt = Program;

/// Sends the signal once, when stderr says `sign`.
std::function<void(const std::string&, pid_t)> send_when(int signal, const std::string& sign) {
  return [signal, sign, sent = false](const std::string& err, pid_t process) mutable {
    if (sent || err.find(sign) == std::string::npos) return;
    sent = true;
    kill(process, signal);
  };
}

constexpr const char* kStudy = R"(
name = "small"
title = "A small study"
seeds = 2
[[group]]
name = "All"
[[experiment]]
name = "short"
title = "Short"
group = "All"
hidden = "none"
epochs = 2
[[experiment]]
name = "endless"
title = "Endless"
group = "All"
hidden = "none"
learning_rate = 0.001
epochs = 1000000
patience = 0
)";

TEST_F(Interrupt, ATrainingSavesItsBestAndExits130) {
  make_digits();
  for (const int signal : {SIGINT, SIGTERM}) {
    const Outcome outcome =
        run(Invocation{{"train", "--data", "digits", "--hidden", "8", "--epochs", "1000000",
                        "--patience", "0", "--learning-rate", "0.0001", "--json"},
                       "",
                       {},
                       send_when(signal, "epoch   1 of")});
    EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
    EXPECT_EQ(json::parse(outcome.out)["outcome"], "interrupted");
    run_well({"evaluate", "model.safetensors", "--data", "digits"});
    std::filesystem::remove(path("model.safetensors"));
  }
}

// Three threads: the two endless runs hold two of them.
TEST_F(Interrupt, AStudyWritesWhatIsFinishedAndExits130) {
  make_digits();
  write("small.toml", kStudy);
  const Outcome outcome =
      run(Invocation{{"study", "small.toml", "--data", "digits", "--threads", "3"},
                     "",
                     {},
                     send_when(SIGINT, "short, seed 2")});
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const json study = json::parse(read("out/small/study.json"));
  EXPECT_EQ(study["experiments"][0]["runs"].size(), 2u);
  EXPECT_EQ(study["experiments"][1]["runs"].size(), 0u);
  EXPECT_TRUE(exists("out/small/report.html"));
  EXPECT_TRUE(exists("out/small/models/short.safetensors"));
  EXPECT_FALSE(exists("out/small/models/endless.safetensors"));
  EXPECT_THAT(outcome.out, HasSubstr("Interrupted"));
}

TEST_F(Interrupt, AStudyThatIsKilledHasWrittenTheRunsBefore) {
  make_digits();
  write("small.toml", kStudy);
  const Outcome outcome =
      run(Invocation{{"study", "small.toml", "--data", "digits", "--threads", "3"},
                     "",
                     {},
                     send_when(SIGKILL, "short, seed 1")});
  EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
  const json study = json::parse(read("out/small/study.json"));
  EXPECT_GE(study["experiments"][0]["runs"].size(), 1u);
}

}  // namespace
}  // namespace deltarule::cli_test
