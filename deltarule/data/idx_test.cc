#include "deltarule/data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/base/testing.h"

namespace deltarule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// `count` images of 2×3 with pixels 0, 1, 2, …
IdxArray images_of(std::size_t count) {
  IdxArray array{{count, 2, 3}, std::vector<std::uint8_t>(count * 6)};
  for (std::size_t i = 0; i < array.elements.size(); ++i) {
    array.elements[i] = static_cast<std::uint8_t>(i);
  }
  return array;
}

IdxArray labels_of(std::vector<std::uint8_t> labels) { return {{labels.size()}, labels}; }

std::string header(unsigned char type, const std::vector<std::uint32_t>& sizes) {
  std::string bytes = serialize_idx({{sizes.begin(), sizes.end()}, {}});
  bytes[2] = static_cast<char>(type);
  return bytes;
}

Explanation refusal(const std::string& bytes) {
  return refusal_of([&] { parse_idx(bytes, "name"); });
}

TEST(Idx, IsReadBackAsItWasWritten) {
  for (const std::vector<std::size_t>& sizes : std::vector<std::vector<std::size_t>>{
           {5}, {2, 3}, {4, 2, 3}, {2, 2, 2, 2}, {0}, {0, 28, 28}, {300}}) {
    IdxArray array{sizes, {}};
    std::size_t count = 1;
    for (const std::size_t size : sizes) count *= size;
    for (std::size_t i = 0; i < count; ++i) {
      array.elements.push_back(static_cast<std::uint8_t>(255 - i));
    }
    const IdxArray again = parse_idx(serialize_idx(array), "x");
    EXPECT_EQ(again.sizes, array.sizes);
    EXPECT_EQ(again.elements, array.elements);
  }
}

TEST(Idx, HasTheBytesOfTheFormat) {
  EXPECT_EQ(serialize_idx({{2, 1, 258}, std::vector<std::uint8_t>(516, 7)}).substr(0, 17),
            std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\x01\x02\x07", 17));
}

TEST(Idx, RefusesAFileCutAtAnyByte) {
  const std::string bytes = serialize_idx(images_of(3));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(refusal(bytes.substr(0, size)).what, "the IDX file is cut short") << size;
  }
  const Explanation why = refusal(bytes.substr(0, 20));
  EXPECT_EQ(why.where, "name");
  EXPECT_EQ(why.expected, "34 bytes: a header of 16 and 3×2×3 elements");
  EXPECT_EQ(why.found, "20 bytes");
}

TEST(Idx, RefusesTrailingBytes) {
  EXPECT_EQ(refusal(serialize_idx(images_of(3)) + '\0').what,
            "the IDX file holds more than its header says");
}

TEST(Idx, RefusesAHeaderThatClaimsMoreThanAnyFileHolds) {
  const std::uint32_t most = 0xFFFFFFFF;
  for (const auto& sizes :
       std::vector<std::vector<std::uint32_t>>{{most, most},
                                               {most, most, most},
                                               {most, most, most, most},
                                               {1u << 30, 1u << 30},
                                               {1u << 31, 1u << 31, 4, 1},
                                               {1u << 16, 1u << 16, 1u << 16, 1u << 16}}) {
    EXPECT_EQ(refusal(header(8, sizes)).what, "the IDX header claims more than any file may hold");
  }
  // Within the limit, but not there.
  EXPECT_EQ(refusal(header(8, {1u << 30})).what, "the IDX file is cut short");
}

TEST(Idx, RefusesOtherTypesAndSaysWhichTheyAre) {
  EXPECT_THAT(refusal(header(0x09, {1})).found, HasSubstr("signed bytes"));
  EXPECT_THAT(refusal(header(0x0B, {1})).found, HasSubstr("16-bit integers"));
  EXPECT_THAT(refusal(header(0x0C, {1})).found, HasSubstr("32-bit integers"));
  EXPECT_THAT(refusal(header(0x0D, {1})).found, HasSubstr("32-bit floating-point"));
  EXPECT_THAT(refusal(header(0x0E, {1})).found, HasSubstr("64-bit floating-point"));
  EXPECT_THAT(refusal(header(0x42, {1})).found, HasSubstr("type 66"));
}

TEST(Idx, RefusesAWrongMagicNumber) {
  EXPECT_EQ(refusal("a,b,c\n1,2,3\n").what, "this is not an IDX file of unsigned bytes");
  EXPECT_EQ(refusal(std::string("\0\0\x08\0", 4)).found, "0");
  EXPECT_EQ(refusal(std::string("\0\0\x08\x05", 4) + std::string(20, '\0')).found, "5");
}

using IdxFile = FolderTest;

TEST_F(IdxFile, MayBeGzipped) {
  replace_file(folder() / "plain", serialize_idx(images_of(3)));
  replace_file(folder() / "packed", gzip(serialize_idx(images_of(3))));
  EXPECT_EQ(read_idx(folder() / "plain").elements, images_of(3).elements);
  EXPECT_EQ(read_idx(folder() / "packed").elements, images_of(3).elements);
}

TEST_F(IdxFile, GzippedIsRefusedForTheSameReasons) {
  const auto refusal_of_packed = [&](const std::string& bytes) {
    replace_file(folder() / "x", gzip(bytes));
    return refusal_of([&] { read_idx(folder() / "x"); });
  };
  const std::string bytes = serialize_idx(images_of(3));
  EXPECT_EQ(refusal_of_packed(bytes + "x").what, "the IDX file holds more than its header says");
  EXPECT_EQ(refusal_of_packed(bytes.substr(0, 20)).what, "the IDX file is cut short");
  EXPECT_EQ(refusal_of_packed("").what, "the IDX file is cut short");
  EXPECT_EQ(refusal_of_packed(header(13, {1})).what, "this is not an IDX file of unsigned bytes");
  EXPECT_EQ(refusal_of_packed(header(8, {1u << 30})).what,
            "the IDX header claims more than the gzipped file can hold");
}

TEST_F(IdxFile, ThatIsABombBehindASmallHeaderIsRefusedUnread) {
  // 80 MiB would be a bomb if they were unpacked; the header stops that before.
  const std::string bytes = header(8, {2, 28, 28}) + std::string(std::size_t{80} << 20, '\0');
  replace_file(folder() / "bomb.gz", gzip(bytes));
  const Explanation why = refusal_of([&] { read_idx(folder() / "bomb.gz"); });
  EXPECT_EQ(why.what, "the IDX file holds more than its header says");
  EXPECT_EQ(why.where, (folder() / "bomb.gz").string());
}

TEST(IdxDataset, HasImagesAndLabels) {
  const Dataset data = make_idx_dataset("two", images_of(2), labels_of({1, 7}));
  EXPECT_EQ(data.name, "two");
  EXPECT_EQ(data.image, (ImageShape{2, 3}));
  EXPECT_EQ(data.features, 6u);
  EXPECT_EQ(data.count(), 2u);
  EXPECT_EQ(data.training_count, 2u);
  EXPECT_THAT(data.bytes(1), ElementsAre(6, 7, 8, 9, 10, 11));
  EXPECT_THAT(data.labels, ElementsAre(1, 7));
  EXPECT_EQ(data.classes.size(), 10u);
}

TEST(IdxDataset, HasAClassForEachLabelUpToTheGreatest) {
  const auto classes = make_idx_dataset("x", images_of(1), labels_of({255})).classes;
  ASSERT_EQ(classes.size(), 256u);
  EXPECT_EQ(classes.back(), "255");
  EXPECT_THAT(make_idx_dataset("x", images_of(2), labels_of({0, 1}), {"cat", "dog"}).classes,
              ElementsAre("cat", "dog"));
}

TEST(IdxDataset, TakesVectorsThatAreNoPictures) {
  const Dataset data = make_idx_dataset("x", {{2, 3}, {1, 2, 3, 4, 5, 6}}, labels_of({0, 1}));
  EXPECT_EQ(data.image, ImageShape{});
  EXPECT_EQ(data.features, 3u);
}

TEST(IdxDataset, RefusesWhatDisagrees) {
  const auto what = [](const IdxArray& images, const IdxArray& labels,
                       const std::vector<std::string>& classes = {}) {
    return refusal_of([&] { make_idx_dataset("x", images, labels, classes); }).what;
  };
  EXPECT_EQ(what(images_of(2), labels_of({1})), "the numbers of images and of labels disagree");
  EXPECT_EQ(what(images_of(1), labels_of({2}), {"a", "b"}), "a label has no class");
  EXPECT_EQ(what(labels_of({1}), labels_of({1})), "these are not images");
  EXPECT_EQ(what(images_of(1), images_of(1)), "these are not labels");
  EXPECT_THAT(what(images_of(0), labels_of({})), HasSubstr("no images"));
  EXPECT_THAT(what({{2, 0, 3}, {}}, labels_of({0, 0})), HasSubstr("no images"));
}

}  // namespace
}  // namespace deltarule
