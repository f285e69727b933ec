#include "deltarule/data/open.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "deltarule/base/file.h"
#include "deltarule/base/testing.h"
#include "deltarule/data/idx.h"
#include "deltarule/data/idx_folder.h"
#include "deltarule/data/image.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Open : public FolderTest {
 protected:
  std::string path(const std::string& name) const { return (folder() / name).string(); }

  void put(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder() / name).parent_path());
    replace_file(folder() / name, bytes);
  }

  /// Images of 2×2 whose first pixel is `first`, `first` + 1, …; labels 0, 1, …
  static IdxArray images(std::size_t count, std::uint8_t first, std::size_t side = 2) {
    IdxArray array{{count, side, side}, std::vector<std::uint8_t>(count * side * side)};
    for (std::size_t i = 0; i < count; ++i) {
      array.elements[i * side * side] = static_cast<std::uint8_t>(first + i);
    }
    return array;
  }
  static IdxArray labels(std::size_t count) {
    IdxArray array{{count}, {}};
    for (std::size_t i = 0; i < count; ++i) array.elements.push_back(static_cast<std::uint8_t>(i));
    return array;
  }
  void put_training_part() {
    put("train-images-idx3-ubyte", serialize_idx(images(3, 10)));
    put("train-labels-idx1-ubyte", serialize_idx(labels(3)));
  }

  Explanation refusal(const std::string& source) {
    return refusal_of([&] { open_dataset(source, {.may_download = false}); });
  }
};

TEST_F(Open, AFolderOfIdxFilesHasATrainingAndATestPart) {
  put_training_part();
  put("t10k-images-idx3-ubyte.gz", gzip(serialize_idx(images(2, 50))));
  put("t10k-labels-idx1-ubyte.gz", gzip(serialize_idx(labels(2))));
  const Dataset data = open_dataset(folder().string());
  EXPECT_EQ(data.name, folder().filename().string());
  EXPECT_EQ(data.training_count, 3u);
  EXPECT_EQ(data.test_count, 2u);
  EXPECT_THAT(data.labels, ElementsAre(0, 1, 2, 0, 1));
  EXPECT_THAT(data.bytes(3), ElementsAre(50, 0, 0, 0));
  ASSERT_EQ(data.files.size(), 4u);
  EXPECT_EQ(data.files[2].name, "t10k-images-idx3-ubyte");
  EXPECT_EQ(data.files[2].sha256, sha256(serialize_idx(images(2, 50))));
}

TEST_F(Open, AFolderOfIdxFilesMayLackATestPartAndHoldTwins) {
  put_training_part();
  put("train-images-idx3-ubyte.gz", gzip(serialize_idx(images(3, 10))));
  EXPECT_EQ(open_dataset(folder().string()).count(), 3u);
}

TEST_F(Open, TakesTheClassesOfThePartThatHasMore) {
  put_training_part();
  put("test-images-idx3-ubyte", serialize_idx(images(1, 50)));
  put("test-labels-idx1-ubyte", serialize_idx({{1}, {25}}));
  EXPECT_EQ(open_dataset(folder().string()).classes.size(), 26u);
}

TEST_F(Open, RefusesAFolderOfIdxFilesThatDoNotBelongTogether) {
  put_training_part();
  put("t10k-images-idx3-ubyte", serialize_idx(images(2, 50, 3)));
  EXPECT_EQ(refusal(folder().string()).what, "the labels of these images are missing");
  put("t10k-labels-idx1-ubyte", serialize_idx(labels(2)));
  EXPECT_EQ(refusal(folder().string()).what, "the test examples do not fit the training examples");
  put("other-train-images-idx3-ubyte", "");
  EXPECT_EQ(refusal(folder().string()).what, "several data sets lie in this folder");
}

TEST_F(Open, AnImagesFileFindsItsLabels) {
  put("my-images.idx3-ubyte", serialize_idx(images(2, 7)));
  put("my-labels.idx1-ubyte.gz", gzip(serialize_idx(labels(2))));
  const Dataset data = open_dataset(path("my-images.idx3-ubyte"));
  EXPECT_EQ(data.name, "my-images.idx3-ubyte");
  EXPECT_EQ(data.count(), 2u);
  EXPECT_EQ(data.test_count, 0u);
  EXPECT_EQ(data.files.size(), 2u);
}

TEST_F(Open, AnImagesFileIsSeenFromItsContentUnderAnyName) {
  put("images", gzip(serialize_idx(images(2, 7))));
  put("labels", serialize_idx(labels(2)));
  EXPECT_EQ(open_dataset(path("images")).count(), 2u);
}

TEST_F(Open, RefusesImagesWithoutLabels) {
  put("train-images-idx3-ubyte", serialize_idx(images(2, 7)));
  EXPECT_THAT(refusal(path("train-images-idx3-ubyte")).expected,
              HasSubstr("train-labels-idx1-ubyte"));
  put("train-labels", serialize_idx(labels(2)));
  EXPECT_EQ(refusal(path("train-labels")).what, "these are labels, not images");
  put("pixels", serialize_idx(images(2, 7)));
  EXPECT_EQ(refusal(path("pixels")).what, "it is not clear which labels belong to these images");
}

TEST_F(Open, RefusesDamagedIdxFiles) {
  put("train-labels-idx1-ubyte", serialize_idx(labels(3)));
  put("train-images-idx3-ubyte", "not IDX at all");
  EXPECT_EQ(refusal(path("train-images-idx3-ubyte")).what,
            "this is not an IDX file of unsigned bytes");
  put("train-images-idx3-ubyte", serialize_idx(images(2, 7)));
  const Explanation why = refusal(folder().string());
  EXPECT_EQ(why.what, "the numbers of images and of labels disagree");
  EXPECT_EQ(why.where, path("train-images-idx3-ubyte"));
}

TEST_F(Open, TakesTables) {
  put("a.csv", "p,q,label\n1,2,a\n3,4,b\n");
  put("b.tsv.gz", gzip("1\t2\ta\n3\t4\tb\n"));
  put("c.txt", "1 2 a\n3 4 b\n");
  put("d", "1;2;a\n3;4;b\n");
  for (const char* name : {"a.csv", "b.tsv.gz", "c.txt", "d"}) {
    const Dataset data = open_dataset(path(name));
    EXPECT_EQ(data.count(), 2u) << name;
    EXPECT_EQ(data.files.size(), 1u);
  }
  put("e.csv", "1,2\n3,4\n");
  EXPECT_THAT(open_dataset(path("e.csv"), {.csv = {"2"}}).classes, ElementsAre("2", "4"));
}

TEST_F(Open, TakesAFolderOfPictures) {
  put("cat/1.png", encode_png({1, 1}, {3}));
  put("dog/1.png", encode_png({1, 1}, {4}));
  EXPECT_THAT(open_dataset(folder().string()).classes, ElementsAre("cat", "dog"));
}

TEST_F(Open, TakesSyntheticDigitsOfAnyNumberAndSeed) {
  const Dataset data = open_dataset("synthetic:70:5");
  EXPECT_EQ(data.count(), 70u);
  EXPECT_EQ(data.test_count, 10u);
  EXPECT_EQ(open_dataset("synthetic:70:5").values, data.values);
  EXPECT_EQ(open_dataset("synthetic:70:1").values, open_dataset("synthetic:70").values);
  EXPECT_NE(open_dataset("synthetic:70:6").values, data.values);
}

TEST_F(Open, RefusesSyntheticDigitsThatCannotBe) {
  for (const char* source :
       {"synthetic:", "synthetic:x", "synthetic:-5", "synthetic:0", "synthetic:99999999999",
        "synthetic:70:", "synthetic:70:-1", "synthetic:70:1:2"}) {
    EXPECT_EQ(refusal(source).where, source);
  }
}

TEST_F(Open, RefusesAnUnknownNameAndSuggestsTheNearest) {
  const Explanation why = refusal("mnits");
  EXPECT_EQ(why.what, "there is no data set, file or folder \"mnits\"");
  EXPECT_EQ(why.next, "did you mean \"mnist\"?");
  EXPECT_THAT(why.expected, HasSubstr("fashion-mnist, synthetic"));
  EXPECT_EQ(refusal(path("missing.csv")).next, "");
  EXPECT_THAT(refusal("").what, HasSubstr("there is no data set"));
}

TEST_F(Open, RefusesFilesAndFoldersThatHoldNoData) {
  put("empty", "");
  EXPECT_EQ(refusal(path("empty")).what, "the file is empty");
  put("empty.gz", gzip(""));
  EXPECT_EQ(refusal(path("empty.gz")).what, "the file is empty");
  put("bytes", std::string("\x01\x02\x03\x04", 4));
  EXPECT_EQ(refusal(path("bytes")).what, "the file is of no kind that is known here");
  put("one.png", encode_png({1, 1}, {3}));
  EXPECT_EQ(refusal(path("one.png")).what, "one picture is no data set");
  put("cut.csv.gz", gzip("1,2,a\n3,4,b\n").substr(0, 15));
  EXPECT_EQ(refusal(path("cut.csv.gz")).what, "the gzip stream is cut short");
  EXPECT_EQ(refusal(folder().string()).what, "no data are found in this folder");
}

/// Points the catalog at `folder` and at no cache, for as long as it lives.
class OnlyDataIn {
 public:
  explicit OnlyDataIn(const fs::path& folder) {
    for (const char* name : {"DELTARULE_DATA", "XDG_CACHE_HOME"}) {
      const char* value = std::getenv(name);
      before_.push_back(value == nullptr ? std::nullopt : std::optional<std::string>(value));
      setenv(name, folder.c_str(), 1);
    }
  }
  ~OnlyDataIn() {
    restore("DELTARULE_DATA", before_[0]);
    restore("XDG_CACHE_HOME", before_[1]);
  }
  OnlyDataIn(const OnlyDataIn&) = delete;
  OnlyDataIn& operator=(const OnlyDataIn&) = delete;

 private:
  static void restore(const char* name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name, value->c_str(), 1);
    } else {
      unsetenv(name);
    }
  }
  std::vector<std::optional<std::string>> before_;
};

TEST_F(Open, WithoutANameTakesSyntheticDigitsAndSaysSoIfMnistCannotBeHad) {
  const OnlyDataIn here(folder());
  const DefaultDataset chosen =
      open_default_dataset({.may_download = false, .synthetic_count = 140});
  EXPECT_EQ(chosen.data.name, open_dataset("synthetic:20").name);
  EXPECT_EQ(chosen.data.count(), 140u);
  EXPECT_THAT(chosen.notice, HasSubstr("MNIST cannot be had, so these are synthetic digits"));
}

TEST_F(Open, ANameOfTheCatalogIsCheckedByItsHashes) {
  const OnlyDataIn here(folder());
  EXPECT_THAT(refusal("mnist").what, HasSubstr("mnist"));
  for (const char* part : {"train", "t10k"}) {
    const std::string start = "mnist/" + std::string(part);
    put(start + "-images-idx3-ubyte", serialize_idx(images(3, 10)));
    put(start + "-labels-idx1-ubyte", serialize_idx(labels(3)));
  }
  EXPECT_THAT(refusal("mnist").expected, HasSubstr("SHA-256"));
  EXPECT_EQ(open_dataset(path("mnist")).test_count, 3u);
}

}  // namespace
}  // namespace deltarule
