#include "deltarule/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "deltarule-file-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

template <class Action>
Explanation refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.explanation();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

TEST_F(File, IsReadBackAsItWasWritten) {
  for (const std::size_t size : {0, 1, 4096, 100000}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    replace_file(folder_ / "data", bytes);
    EXPECT_EQ(read_file(folder_ / "data"), bytes);
  }
}

TEST_F(File, RefusesToReadWhatIsNoFile) {
  const Explanation missing = refusal([&] { read_file(folder_ / "missing"); });
  EXPECT_EQ(missing.where, (folder_ / "missing").string());
  EXPECT_THAT(missing.found, HasSubstr("No such file"));
  EXPECT_EQ(refusal([&] { read_file(folder_); }).found, "a folder");
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal([&] { read_file(folder_ / "pipe"); }).found, HasSubstr("pipe"));
}

TEST_F(File, RefusesToReadMoreThanTheLimit) {
  replace_file(folder_ / "data", "12345");
  EXPECT_EQ(read_file(folder_ / "data", 5), "12345");
  EXPECT_EQ(refusal([&] { read_file(folder_ / "data", 4); }).expected, "at most 4 bytes");
}

TEST_F(File, ThatCannotBeReplacedStaysAndLeavesNothingBehind) {
  fs::create_directory(folder_ / "taken");
  std::ofstream(folder_ / "taken" / "inside") << "x";
  EXPECT_EQ(refusal([&] { replace_file(folder_ / "taken", "new"); }).found, "a folder");
  EXPECT_EQ(refusal([&] { replace_file(folder_ / "none" / "data", "new"); }).where,
            (folder_ / "none").string());
  EXPECT_THROW(replace_file("/dev/null", "new"), Error);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, ReplacedThroughALinkKeepsTheLink) {
  replace_file(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  replace_file(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "target"), "new");
  EXPECT_EQ(entries(), 2u);
}

TEST_F(File, ThatIsWrittenCanBeReadByWhomTheMaskAllows) {
  const mode_t before = umask(022);
  replace_file(folder_ / "data", "x");
  umask(before);
  EXPECT_EQ(fs::status(folder_ / "data").permissions(), fs::perms(0644));
}

TEST_F(File, IsUnpackedWhereItIsGzipped) {
  replace_file(folder_ / "plain", "text");
  replace_file(folder_ / "packed", gzip("text"));
  EXPECT_EQ(read_unpacked_file(folder_ / "plain"), "text");
  EXPECT_EQ(read_unpacked_file(folder_ / "packed"), "text");
}

TEST(Gunzip, UnpacksAllMembersAndIgnoresPadding) {
  EXPECT_EQ(gunzip(gzip(""), "x"), "");
  EXPECT_EQ(gunzip(gzip("one ") + gzip("") + gzip("two"), "x"), "one two");
  EXPECT_EQ(gunzip(gzip("one") + std::string(512, '\0'), "x"), "one");
}

TEST(Gunzip, RefusesAStreamCutAnywhere) {
  const std::string packed = gzip("some text that is long enough to have a body");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Explanation why = refusal([&] { gunzip(packed.substr(0, size), "name"); });
    EXPECT_EQ(why.what, "the gzip stream is cut short") << size;
    EXPECT_EQ(why.where, "name, byte " + std::to_string(size));
  }
}

TEST(Gunzip, RefusesDamageAndTrailingBytes) {
  std::string packed = gzip("some text");
  EXPECT_EQ(refusal([&] { gunzip(packed + "tail", "x"); }).what, "the gzip stream is damaged");
  packed[packed.size() - 5] ^= 1;  // the length, which is checked last
  EXPECT_EQ(refusal([&] { gunzip(packed, "x"); }).what, "the gzip stream is damaged");
  EXPECT_THROW(gunzip("plain text", "x"), Error);
}

TEST(Gunzip, RefusesMoreThanTheLimit) {
  const std::string packed = gzip(std::string(1000, 'a'));
  EXPECT_EQ(gunzip(packed, "x", 1000).size(), 1000u);
  EXPECT_EQ(refusal([&] { gunzip(packed, "x", 999); }).expected, "at most 999 bytes");
}

TEST(Gunzip, RefusesABomb) {
  const std::string packed = gzip(std::string(kBombBytes + (std::size_t{1} << 20), '\0'));
  ASSERT_LT(packed.size() * kBombRatio, kBombBytes);
  EXPECT_THAT(refusal([&] { gunzip(packed, "x"); }).what, HasSubstr("far more than real data"));
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
