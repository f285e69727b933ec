#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Data = Program;

TEST_F(Data, MakeWritesTheSameFourFilesFromTheSameSeed) {
  make_digits();
  EXPECT_THAT(files(), testing::ElementsAre(
                           "digits/t10k-images-idx3-ubyte", "digits/t10k-labels-idx1-ubyte",
                           "digits/train-images-idx3-ubyte", "digits/train-labels-idx1-ubyte"));
  const std::string first = read("digits/t10k-images-idx3-ubyte");
  EXPECT_EQ(first.size(), 16 + 100 * 784u);
  run_well({"data", "make", "--out", "digits", "--count", "700", "--force", "--quiet"});
  EXPECT_EQ(read("digits/t10k-images-idx3-ubyte"), first);
  run_well({"data", "make", "--out", "digits", "--count", "700", "--seed", "2", "--force"});
  EXPECT_NE(read("digits/t10k-images-idx3-ubyte"), first);
}

TEST_F(Data, ListSaysWhereEachSetIs) {
  EXPECT_THAT(run_well({"data", "list"}), HasSubstr("deltarule data fetch mnist"));
  const json list = json::parse(run_well({"data", "list", "--json"}));
  std::vector<std::string> names;
  for (const json& entry : list) names.push_back(entry["name"]);
  EXPECT_THAT(names, testing::ElementsAre("mnist", "fashion-mnist", "synthetic"));
}

TEST_F(Data, InfoSaysWhatIsInAFolder) {
  make_digits();
  const json info = json::parse(run_well({"data", "info", "digits", "--json"}));
  EXPECT_EQ(info["kind"], "dataset");
  EXPECT_EQ(info["train"], 600);
  EXPECT_EQ(info["test"], 100);
  EXPECT_EQ(info["height"], 28);
  EXPECT_EQ(info["least"], 0);
  EXPECT_EQ(info["duplicates"], 0);
  ASSERT_EQ(info["classes"].size(), 10u);
  EXPECT_EQ(info["classes"][3]["name"], "3");
  EXPECT_EQ(info["classes"][3]["test"], 10);
  EXPECT_EQ(info["files"].size(), 4u);
  EXPECT_THAT(run_well({"data", "info", "digits"}), HasSubstr("28 × 28 pixels"));
}

TEST_F(Data, InfoTakesAnyOneFile) {
  make_model();
  run_well({"data", "show", "digits", "--count", "1", "--out", "one.png"});
  std::filesystem::copy_file(path("digits/t10k-labels-idx1-ubyte"), path("labels"));
  write("alone/pictures", read("digits/t10k-images-idx3-ubyte"));
  write("packed.gz", gzipped(read("labels")));
  const auto kind = [&](const std::string& name) -> std::string {
    return json::parse(run_well({"data", "info", name, "--json"}))["kind"];
  };
  EXPECT_EQ(kind("digits/t10k-labels-idx1-ubyte"), "labels");
  EXPECT_EQ(kind("labels"), "labels");
  EXPECT_EQ(kind("packed.gz"), "labels");
  EXPECT_EQ(kind("alone/pictures"), "array");
  EXPECT_EQ(kind("digits/t10k-images-idx3-ubyte"), "dataset");
  EXPECT_EQ(kind("one.png"), "picture");
  EXPECT_EQ(kind("model.safetensors"), "model");
  EXPECT_EQ(json::parse(run_well({"data", "info", "labels", "--json"}))["counts"]["7"], 10);
}

TEST_F(Data, ShowDrawsShadesOffATerminalAndWritesAPicture) {
  make_digits();
  const std::string drawn =
      run_well({"data", "show", "digits", "--class", "8", "--count", "3", "--out", "sheet.png"});
  EXPECT_THAT(drawn, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(drawn, HasSubstr("@"));
  const json sheet = json::parse(run_well({"data", "info", "sheet.png", "--json"}));
  EXPECT_EQ(sheet["width"], 3 * 30 + 2);
  EXPECT_EQ(sheet["height"], 32);
  EXPECT_EQ(run({"data", "show", "digits", "--class", "eight"}).exit_code, 2);
}

TEST_F(Data, FindsASetInTheFolderThatTheEnvironmentNames) {
  make_digits();
  std::filesystem::rename(path("digits"), path("mnist"));
  const Outcome list =
      run(Invocation{{"data", "list"}, "", {"DELTARULE_DATA=" + path("").string()}});
  EXPECT_THAT(list.out, HasSubstr(path("mnist").string()));
  // But these are not MNIST, and that does not pass.
  const Outcome shown =
      run(Invocation{{"data", "info", "mnist"}, "", {"DELTARULE_DATA=" + path("").string()}});
  EXPECT_EQ(shown.exit_code, 2);
}

}  // namespace
}  // namespace deltarule::cli_test
