// Every kind of bad input: one clear message, exit 2, nothing written, memory bounded by what is
// really there.
#include "tests/cli/program.h"

namespace deltarule::cli_test {
namespace {

using testing::HasSubstr;

constexpr unsigned char kBytes = 0x08, kFloats = 0x0D;
constexpr const char* kImages = "d/train-images-idx3-ubyte";
constexpr const char* kLabels = "d/train-labels-idx1-ubyte";

class BadInput : public Program {
 protected:
  /// A pair of files that is right: 100 images of 4×4, ten of each class.
  void write_good_pair() {
    write(kImages, idx(kBytes, {100, 4, 4}, std::string(1600, '\7')));
    write(kLabels, idx(kBytes, {100}, labels(100)));
  }

  static std::string labels(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
    return bytes;
  }

  /// The command fails as bad input does, says all of `parts`, and leaves no file behind.
  void expect_refused(const Invocation& invocation, const std::vector<std::string>& parts) {
    const std::vector<std::string> before = files();
    const Outcome outcome = run(invocation);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("deltarule: ")) << outcome.err;
    for (const std::string& part : parts) EXPECT_THAT(outcome.err, HasSubstr(part));
    EXPECT_EQ(files(), before);
#ifndef DELTARULE_SANITIZED
    constexpr long kMostKilobytes = 300'000;
    EXPECT_LT(outcome.peak_kilobytes, kMostKilobytes);
#endif
  }
  void expect_refused(const std::vector<std::string>& arguments,
                      const std::vector<std::string>& parts) {
    expect_refused(Invocation{arguments, ""}, parts);
  }
  void expect_training_refused(const std::string& data, const std::vector<std::string>& parts) {
    expect_refused({"train", "--data", data, "--quiet"}, parts);
  }
};

TEST_F(BadInput, TheGoodPairThatTheOthersSpoilIsGood) {
  write_good_pair();
  run_well({"train", "--data", kImages, "--hidden", "none", "--epochs", "1", "--quiet"});
}

TEST_F(BadInput, AMissingSource) { expect_training_refused("nowhere.csv", {"nowhere.csv"}); }

TEST_F(BadInput, AnEmptyFile) {
  write("empty.csv", "");
  expect_training_refused("empty.csv", {"empty.csv"});
  write_good_pair();
  write(kImages, "");
  expect_training_refused(kImages, {kImages});
}

TEST_F(BadInput, ATruncatedFile) {
  write_good_pair();
  write(kImages, idx(kBytes, {100, 4, 4}, std::string(1560, '\7')));
  expect_training_refused(kImages, {kImages, "1616", "1576"});
}

TEST_F(BadInput, ATruncatedGzipStream) {
  write_good_pair();
  std::string noise;
  for (unsigned i = 0; i < 1600; ++i) noise += static_cast<char>(i * i * 2654435761u >> 24);
  const std::string packed = gzipped(idx(kBytes, {100, 4, 4}, noise));
  write(kImages, packed.substr(0, packed.size() / 2));
  expect_training_refused(kImages, {kImages, "gzip"});
}

TEST_F(BadInput, AFileThatIsTooLong) {
  write_good_pair();
  write(kImages, idx(kBytes, {100, 4, 4}, std::string(1601, '\7')));
  expect_training_refused(kImages, {kImages, "1616"});
}

TEST_F(BadInput, AWrongMagicNumber) {
  write_good_pair();
  std::string bytes = read(kImages);
  bytes[0] = 1;
  write(kImages, bytes);
  expect_training_refused(kImages, {kImages});
}

TEST_F(BadInput, AnElementTypeThatIsNotBytes) {
  write_good_pair();
  write(kImages, idx(kFloats, {100, 4, 4}, std::string(1600 * 4, '\7')));
  expect_training_refused(kImages, {kImages, "unsigned byte"});
}

TEST_F(BadInput, CountsThatDisagree) {
  write_good_pair();
  write(kLabels, idx(kBytes, {99}, labels(99)));
  expect_training_refused(kImages, {"100", "99"});
}

TEST_F(BadInput, AHeaderThatClaims2To60Images) {
  write_good_pair();
  write(kImages, idx(kBytes, {1u << 30, 1u << 15, 1u << 15}, std::string(1600, '\7')));
  expect_training_refused(kImages, {kImages});
}

TEST_F(BadInput, AGzipBomb) {
  write_good_pair();
  constexpr std::size_t kBomb = std::size_t{400} << 20;
  write(kImages, gzipped(idx(kBytes, {100, 4, 4}, ""), kBomb));
  expect_training_refused(kImages, {kImages});
  expect_refused({"data", "info", kImages}, {kImages});
  write("table.csv", gzipped("x,y,label\n", kBomb));
  expect_training_refused("table.csv", {"table.csv"});
}

TEST_F(BadInput, ALabelOutOfRange) {
  make_digits();
  std::string labels = read("digits/train-labels-idx1-ubyte");
  labels.back() = 17;  // then there are 18 classes, and some of them have no example
  write("digits/train-labels-idx1-ubyte", labels);
  expect_training_refused("digits", {"class"});
}

TEST_F(BadInput, NotANumberInCsv) {
  for (const std::string cell : {"nan", "inf", "", "seven"}) {
    std::string text = "x,y,label\n";
    for (int i = 0; i < 40; ++i) text += std::to_string(i) + ",1.5," + (i % 2 ? "a" : "b") + "\n";
    write("table.csv", text + cell + ",1.5,a\n");
    expect_training_refused("table.csv", {"table.csv", "line 42", "column 1"});
  }
}

TEST_F(BadInput, ARowOfAnotherLength) {
  write("table.csv", "x,y,label\n1,2,a\n1,2,b\n1,2\n");
  expect_training_refused("table.csv", {"table.csv", "line 4"});
}

TEST_F(BadInput, AColumnThatIsNotThere) {
  write("table.csv", "x,y,kind\n1,2,a\n1,2,b\n");
  expect_refused({"train", "--data", "table.csv", "--label", "knid"}, {"knid", "kind"});
}

TEST_F(BadInput, AnUnknownKeyInAConfiguration) {
  write("c.toml", "hidden = \"16\"\nmomentun = 0.9\n");
  expect_refused({"train", "--config", "c.toml"}, {"c.toml", "2", "momentun", "momentum"});
  write("c.toml", "hidden = = 3\n");
  expect_refused({"train", "--config", "c.toml"}, {"c.toml"});
  write("c.toml", "momentum = \"much\"\n");
  expect_refused({"train", "--config", "c.toml"}, {"c.toml", "momentum"});
}

TEST_F(BadInput, ANetworkThatIsNone) {
  make_digits();
  for (const char* hidden : {"128:thanh", "0", "-3", "128:tanh:2", "99999999999999999999"}) {
    expect_refused({"train", "--data", "digits", "--hidden", hidden}, {"hidden"});
  }
}

TEST_F(BadInput, AStudyThatIsNone) {
  write("s.toml", "name = \"s\"\ntitel = \"x\"\n");
  expect_refused({"study", "s.toml"}, {"s.toml", "titel", "title"});
  expect_refused({"study", "nowhere.toml"}, {"nowhere.toml"});
  make_digits();
  expect_refused({"study", "--data", "digits", "--only", "softmix"}, {"softmix"});
}

TEST_F(BadInput, AModelThatIsNone) {
  make_model();
  const std::string bytes = read("model.safetensors");
  const auto refuse = [&](const std::string& spoiled) {
    write("bad.safetensors", spoiled);
    expect_refused({"evaluate", "bad.safetensors", "--data", "digits"}, {"bad.safetensors"});
  };
  refuse("");
  refuse(bytes.substr(0, 7));
  refuse(bytes.substr(0, bytes.size() - 1));
  refuse(bytes + "x");
  refuse(std::string(8, '\xff') + bytes.substr(8));
  refuse("This is no model at all, and long enough to hold a length.");
  expect_refused({"evaluate", "nowhere.safetensors"}, {"nowhere.safetensors"});
}

TEST_F(BadInput, AModelOfAnotherShape) {
  make_model();
  write_good_pair();
  expect_refused({"evaluate", "model.safetensors", "--data", kImages}, {"784", "16"});
  expect_refused({"predict", "model.safetensors", kImages}, {"784", "16"});
  write("row.csv", "1,2,3\n");
  expect_refused({"predict", "model.safetensors", "row.csv"}, {"row.csv", "784", "3"});
}

TEST_F(BadInput, APictureThatIsNone) {
  make_model();
  run_well({"data", "show", "digits", "--count", "1", "--out", "one.png"});
  const std::string png = read("one.png");
  write("cut.png", png.substr(0, png.size() / 2));
  expect_refused({"predict", "model.safetensors", "cut.png"}, {"cut.png"});
  expect_refused(Invocation{{"predict", "model.safetensors", "-"}, "\x89PNG and nothing"},
                 {"standard input"});
  expect_refused(Invocation{{"predict", "model.safetensors", "-"}, ""},
                 {"standard input", "empty"});
  expect_refused({"predict", "model.safetensors", "one.png", "--as-is"}, {"28", "--as-is"});
}

TEST_F(BadInput, APlaceThatCannotBeWritten) {
  make_digits();
  expect_refused({"train", "--data", "digits", "--out", "nowhere/m.safetensors"}, {"nowhere"});
  expect_refused({"train", "--data", "digits", "--out", "digits"}, {"digits", "folder"});
  expect_refused({"study", "--data", "digits", "--out", "digits/t10k-labels-idx1-ubyte"},
                 {"--out"});
  expect_refused({"data", "make", "--out", "digits"}, {"digits", "--force"});
}

TEST_F(BadInput, ADataSetThatCannotBeDownloaded) {
  expect_refused({"data", "fetch", "mnist"}, {"mnist"});
  expect_refused({"evaluate", "m.safetensors", "--part", "tset"}, {"m.safetensors"});
}

TEST_F(BadInput, AnEmptyValue) {
  write_good_pair();
  expect_refused({"train", "--data", ""}, {"--data is empty"});
  expect_refused({"train", "--data", "d", "--out", ""}, {"--out is empty"});
}

TEST_F(BadInput, AModelOverAFileThatIsNone) {
  write_good_pair();
  write("notes.txt", "keep me");
  expect_refused({"train", "--data", "d", "--out", "notes.txt"}, {"notes.txt", "no model"});
  expect_refused({"train", "--data", "d", "--out", kImages}, {kImages, "no model"});
  EXPECT_EQ(read("notes.txt"), "keep me");
}

TEST_F(BadInput, ADamagedMnistIsNotReplacedBySyntheticDigits) {
  write("data/mnist/train-images-idx3-ubyte", "damaged");
  Invocation invocation{{"train", "--quiet"}, ""};
  invocation.environment.push_back("DELTARULE_DATA=" + path("data").string());
  expect_refused(invocation, {"mnist"});
}

}  // namespace
}  // namespace deltarule::cli_test
