#include <sys/wait.h>

#include <cstdlib>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using testing::HasSubstr;

using Help = Program;

TEST_F(Help, OfEveryCommandBeginsWithExamplesAndEndsWithExitCodes) {
  const std::vector<std::vector<std::string>> commands = {{},
                                                          {"train"},
                                                          {"evaluate"},
                                                          {"predict"},
                                                          {"check"},
                                                          {"study"},
                                                          {"bench"},
                                                          {"data"},
                                                          {"data", "list"},
                                                          {"data", "fetch"},
                                                          {"data", "info"},
                                                          {"data", "make"},
                                                          {"data", "show"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const std::string help = run_well(command);
    EXPECT_THAT(help, HasSubstr("Examples:\n  deltarule")) << command[0];
    EXPECT_LT(help.find("Examples:"), help.find("Usage:")) << command[0];
    EXPECT_THAT(help, HasSubstr("130 interrupted")) << command[0];
  }
}

TEST_F(Help, ShowsTheDefaultAndTheRangeOfATrainingOption) {
  const std::string help = run_well({"train", "--help"});
  EXPECT_THAT(help, testing::ContainsRegex("--momentum.*\n?.*0; 0 to 0.9999"));
  EXPECT_THAT(help, HasSubstr("mean or sum"));
}

TEST_F(Help, GoesToStandardErrorWhenNoCommandIsGiven) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{}, {"data"}}) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("Usage:"));
  }
}

TEST_F(Help, VersionNamesCommitCompilerAndInstructionSet) {
  const std::string version = run_well({"--version"});
  EXPECT_THAT(version, HasSubstr("deltarule " DELTARULE_VERSION "\n"));
  for (const char* part : {"commit", "compiler", "instruction set"}) {
    EXPECT_THAT(version, testing::ContainsRegex(std::string("\n") + part + " +[^ ]"));
  }
}

TEST_F(Help, AWriteThatFailsIsAFailure) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  // The shell, because the program must inherit a full disk as its standard output.
  const std::string command = std::string(DELTARULE_PROGRAM) + " --version >/dev/full 2>/dev/null";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string nearest;
};

TEST_F(Help, AnUnknownWordIsAnErrorThatNamesTheNearestRightOne) {
  const std::vector<Mistake> mistakes = {{{"trian"}, "train"},
                                         {{"data", "lst"}, "list"},
                                         {{"train", "--lerning-rate", "1"}, "--learning-rate"},
                                         {{"train", "--epoch=3"}, "--epochs"},
                                         {{"check", "--penalty-stp", "direct"}, "--penalty-step"},
                                         {{"study", "--qick"}, "--quick"},
                                         {{"predict", "m", "f", "--asis"}, "--as-is"},
                                         {{"data", "fetch", "minst"}, "mnist"},
                                         {{"train", "--split", "stratifed"}, "stratified"}};
  for (const Mistake& mistake : mistakes) {
    const Outcome outcome = run(mistake.arguments);
    EXPECT_EQ(outcome.exit_code, 2) << mistake.nearest;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("did you mean"));
    EXPECT_THAT(outcome.err, HasSubstr(mistake.nearest));
  }
  EXPECT_THAT(files(), testing::IsEmpty());
}

TEST_F(Help, AValueOutOfRangeIsAnErrorThatNamesTheRange) {
  const Outcome outcome = run({"train", "--momentum", "1.5"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--momentum"));
  EXPECT_THAT(outcome.err, HasSubstr("0 to 0.9999"));
  EXPECT_THAT(outcome.err, HasSubstr("1.5"));
  EXPECT_EQ(run({"train", "--seed", "one"}).exit_code, 2);
  EXPECT_EQ(run({"train", "--threads", "-1"}).exit_code, 2);
  EXPECT_EQ(run({"evaluate"}).exit_code, 2);
}

}  // namespace
}  // namespace deltarule::cli_test
