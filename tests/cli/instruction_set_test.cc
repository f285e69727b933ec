// DELTARULE_TARGET: the instruction set that someone asks for.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class InstructionSet : public Program {
 protected:
  Outcome run_on(const std::string& target, const std::vector<std::string>& arguments) {
    return run(Invocation{arguments, "", {"DELTARULE_TARGET=" + target}});
  }

  std::string run_well_on(const std::string& target, const std::vector<std::string>& arguments) {
    const Outcome outcome = run_on(target, arguments);
    EXPECT_EQ(outcome.exit_code, 0) << target << ": " << outcome.err;
    return outcome.out;
  }

  /// What `--version` calls it.
  std::string title_of(const std::string& target) {
    const std::string version = run_well_on(target, {"--version"});
    const std::string label = "instruction set  ";
    const std::size_t begin = version.find(label) + label.size();
    return version.substr(begin, version.find('\n', begin) - begin);
  }

  /// The names that the help offers on this machine, the best first.
  std::vector<std::string> targets() {
    const std::string help = run_well({"--help"});
    const std::string label = "on this machine: ";
    const std::size_t begin = help.find(label);
    EXPECT_NE(begin, std::string::npos);
    std::istringstream line(
        help.substr(begin + label.size(), help.find('\n', begin) - begin - label.size()));
    std::vector<std::string> names;
    for (std::string name; line >> name;) {
      if (name.back() == ',') name.pop_back();
      names.push_back(name);
    }
    return names;
  }

  json train_on(const std::string& target) {
    return json::parse(run_well_on(target, {"train", "--data", "digits", "--hidden", "32:tanh",
                                            "--epochs", "5", "--momentum", "0.5", "--json"}));
  }
};

const std::map<std::string, std::string> kTitles = {
    {"avx512", "AVX-512"}, {"avx2", "AVX2"}, {"sse4", "SSE4"},    {"neon", "NEON"},
    {"sve", "SVE"},        {"sve2", "SVE2"}, {"scalar", "scalar"}};

TEST_F(InstructionSet, OneThatIsAskedForIsUsedAndNamed) {
  for (const std::string& target : targets()) EXPECT_EQ(title_of(target), kTitles.at(target));
}

TEST_F(InstructionSet, WithoutAWishItIsTheBest) {
  const std::string best = kTitles.at(targets().front());
  EXPECT_THAT(run_well({"--version"}), HasSubstr("instruction set  " + best + "\n"));
  EXPECT_EQ(title_of(""), best);
}

TEST_F(InstructionSet, OnAnX86ProcessorThePortableOneIsTheLast) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "elsewhere every processor has another";
#endif
  EXPECT_EQ(targets().back(), "scalar");
}

TEST_F(InstructionSet, AnUnknownOneIsRefusedWithThoseThatAreThere) {
  const auto names = targets();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"--version"}, {"train", "--data", "synthetic:100"}}) {
    const Outcome outcome = run_on("axv2", command);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("DELTARULE_TARGET"));
    EXPECT_THAT(outcome.err, HasSubstr("axv2"));
    for (const std::string& name : names) EXPECT_THAT(outcome.err, HasSubstr(name));
  }
  // Known, but of the other family of processors.
  EXPECT_EQ(run_on(names.back() == "neon" ? "avx2" : "sve2", {"--version"}).exit_code, 2);
  EXPECT_THAT(files(), testing::IsEmpty());
}

TEST_F(InstructionSet, EveryOneTrainsToTheSameLossesUpToRounding) {
  make_digits();
  const auto names = targets();
  const json best = train_on(names.front());
  for (const std::string& target : names) {
    const json trained = train_on(target);
    EXPECT_EQ(trained["instruction_set"], kTitles.at(target));
    ASSERT_EQ(trained["history"].size(), best["history"].size());
    for (std::size_t e = 0; e < best["history"].size(); ++e) {
      for (const char* loss : {"train_loss", "validation_loss"}) {
        EXPECT_NEAR(trained["history"][e][loss], best["history"][e][loss], 1e-5)
            << target << ", epoch " << e + 1;
      }
    }
  }
}

TEST_F(InstructionSet, IsNamedInTheSummaryTheStudyAndItsPage) {
  make_digits();
  const std::string target = targets().back();
  const std::string title = kTitles.at(target);
  const std::string summary =
      run_well_on(target, {"train", "--data", "digits", "--hidden", "none", "--epochs", "1"});
  EXPECT_THAT(summary, testing::ContainsRegex("instruction set +" + title));
  write("one.toml",
        "name = \"one\"\ntitle = \"One network\"\nseeds = 1\n[[group]]\nname = \"All\"\n"
        "[[experiment]]\nname = \"softmax\"\ntitle = \"Softmax\"\ngroup = \"All\"\n"
        "hidden = \"none\"\nepochs = 1\n");
  run_well_on(target, {"study", "one.toml", "--data", "digits", "--out", "out", "--quiet"});
  EXPECT_EQ(json::parse(read("out/study.json"))["environment"]["instruction_set"], title);
  EXPECT_THAT(read("out/report.html"), testing::ContainsRegex("Instruction set.*" + title));
}

}  // namespace
}  // namespace deltarule::cli_test
