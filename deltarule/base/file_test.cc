#include "deltarule/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "deltarule/base/testing.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using File = FolderTest;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST_F(File, IsReadBackAsItWasWritten) {
  for (const std::size_t size : {0, 1, 4096, 100000}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    replace_file(folder() / "data", bytes);
    EXPECT_EQ(read_file(folder() / "data"), bytes);
  }
}

TEST_F(File, RefusesToReadWhatIsNoFile) {
  const Explanation missing = refusal_of([&] { read_file(folder() / "missing"); });
  EXPECT_EQ(missing.where, (folder() / "missing").string());
  EXPECT_THAT(missing.found, HasSubstr("No such file"));
  EXPECT_EQ(refusal_of([&] { read_file(folder()); }).found, "a folder");
  ASSERT_EQ(mkfifo((folder() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal_of([&] { read_file(folder() / "pipe"); }).found, HasSubstr("pipe"));
}

TEST_F(File, RefusesToReadMoreThanTheLimit) {
  replace_file(folder() / "data", "12345");
  EXPECT_EQ(read_file(folder() / "data", 5), "12345");
  EXPECT_EQ(refusal_of([&] { read_file(folder() / "data", 4); }).expected, "at most 4 bytes");
}

TEST_F(File, ThatCannotBeReplacedStaysAndLeavesNothingBehind) {
  fs::create_directory(folder() / "taken");
  std::ofstream(folder() / "taken" / "inside") << "x";
  EXPECT_EQ(refusal_of([&] { replace_file(folder() / "taken", "new"); }).found, "a folder");
  EXPECT_EQ(refusal_of([&] { replace_file(folder() / "none" / "data", "new"); }).where,
            (folder() / "none").string());
  EXPECT_THROW(replace_file("/dev/null", "new"), Error);
  EXPECT_EQ(entries(folder()), 1u);
}

TEST_F(File, ReplacedThroughALinkKeepsTheLink) {
  replace_file(folder() / "target", "old");
  fs::create_symlink("target", folder() / "link");
  replace_file(folder() / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder() / "link"));
  EXPECT_EQ(read_file(folder() / "target"), "new");
  EXPECT_EQ(entries(folder()), 2u);
}

TEST_F(File, ThatIsWrittenCanBeReadByWhomTheMaskAllows) {
  const mode_t before = umask(022);
  replace_file(folder() / "data", "x");
  umask(before);
  EXPECT_EQ(fs::status(folder() / "data").permissions(), fs::perms(0644));
}

TEST_F(File, IsUnpackedWhereItIsGzipped) {
  replace_file(folder() / "plain", "text");
  replace_file(folder() / "packed", gzip("text"));
  EXPECT_EQ(read_unpacked_file(folder() / "plain"), "text");
  EXPECT_EQ(read_unpacked_file(folder() / "packed"), "text");
}

TEST(Gunzip, UnpacksAllMembersAndIgnoresPadding) {
  EXPECT_EQ(gunzip(gzip(""), "x"), "");
  EXPECT_EQ(gunzip(gzip("one ") + gzip("") + gzip("two"), "x"), "one two");
  EXPECT_EQ(gunzip(gzip("one") + std::string(512, '\0'), "x"), "one");
}

TEST(Gunzip, RefusesAStreamCutAnywhere) {
  const std::string packed = gzip("some text that is long enough to have a body");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Explanation why = refusal_of([&] { gunzip(packed.substr(0, size), "name"); });
    EXPECT_EQ(why.what, "the gzip stream is cut short") << size;
    EXPECT_EQ(why.where, "name, byte " + std::to_string(size));
  }
}

TEST(Gunzip, RefusesDamageAndTrailingBytes) {
  std::string packed = gzip("some text");
  EXPECT_EQ(refusal_of([&] { gunzip(packed + "tail", "x"); }).what, "the gzip stream is damaged");
  packed[packed.size() - 5] ^= 1;  // the length, which is checked last
  EXPECT_EQ(refusal_of([&] { gunzip(packed, "x"); }).what, "the gzip stream is damaged");
  EXPECT_THROW(gunzip("plain text", "x"), Error);
}

TEST(Gunzip, RefusesMoreThanTheLimit) {
  const std::string packed = gzip(std::string(1000, 'a'));
  EXPECT_EQ(gunzip(packed, "x", 1000).size(), 1000u);
  EXPECT_EQ(refusal_of([&] { gunzip(packed, "x", 999); }).expected, "at most 999 bytes");
}

TEST(Gunzip, RefusesABomb) {
  const std::string packed = gzip(std::string(kBombBytes + (std::size_t{1} << 20), '\0'));
  ASSERT_LT(packed.size() * kBombRatio, kBombBytes);
  EXPECT_THAT(refusal_of([&] { gunzip(packed, "x"); }).what, HasSubstr("far more than real data"));
}

TEST(Gunzip, GivesTheFrontWithoutTheRest) {
  const std::string packed = gzip("header" + std::string(100000, 'x'));
  EXPECT_EQ(gunzip_front(packed, "x", 6), "header");
  EXPECT_EQ(gunzip_front(gzip("ab"), "x", 6), "ab");
  EXPECT_EQ(gunzip_front(packed.substr(0, packed.size() / 2), "x", 6), "header");
}

TEST(Sha256, AgreesWithFips180) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace deltarule
