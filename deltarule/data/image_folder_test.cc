#include "deltarule/data/image_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deltarule/base/file.h"
#include "deltarule/base/testing.h"
#include "deltarule/data/image.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class ImageFolder : public FolderTest {
 protected:
  void put(const std::string& name, std::uint8_t grey, ImageShape shape = {2, 3}) {
    put_bytes(name, encode_png(shape, std::vector<std::uint8_t>(shape.pixels(), grey)));
  }
  void put_bytes(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder() / name).parent_path());
    replace_file(folder() / name, bytes);
  }
  Explanation refusal() {
    return refusal_of([&] { read_image_folder(folder()); });
  }
};

TEST_F(ImageFolder, HasAClassForEachSubFolderAndTheFilesInOrder) {
  put("10/a.png", 30);
  put("9/b.png", 20);
  put("9/a.PNG", 10);
  put_bytes("9/notes.txt", "passed over");
  put_bytes("9/.hidden.png", "passed over");
  put_bytes(".cache/x.png", "passed over");
  const Dataset data = read_image_folder(folder());
  EXPECT_EQ(data.name, folder().filename().string());
  EXPECT_EQ(data.image, (ImageShape{2, 3}));
  EXPECT_EQ(data.features, 6u);
  EXPECT_EQ(data.training_count, 3u);
  EXPECT_EQ(data.test_count, 0u);
  EXPECT_THAT(data.classes, ElementsAre("9", "10"));
  EXPECT_THAT(data.labels, ElementsAre(0, 0, 1));
  EXPECT_EQ(data.bytes(0)[0], 10);
  EXPECT_EQ(data.bytes(1)[0], 20);
  EXPECT_EQ(data.bytes(2)[5], 30);
}

TEST_F(ImageFolder, MayBeNamedWithASlashAtTheEnd) {
  put("a/1.png", 1);
  put("b/1.png", 2);
  EXPECT_EQ(read_image_folder(folder() / "").name, folder().filename().string());
}

TEST_F(ImageFolder, HasAHashThatChangesWithAnyFile) {
  put("a/1.png", 1);
  put("b/1.png", 2);
  const std::string before = read_image_folder(folder()).files.at(0).sha256;
  EXPECT_EQ(read_image_folder(folder()).files.at(0).sha256, before);
  put("b/1.png", 3);
  EXPECT_NE(read_image_folder(folder()).files.at(0).sha256, before);
}

TEST_F(ImageFolder, IsRecognizedByAPngInASubFolder) {
  EXPECT_FALSE(is_image_folder(folder()));
  put("loose.png", 1);
  fs::create_directory(folder() / "empty");
  EXPECT_FALSE(is_image_folder(folder()));
  put("class/1.png", 1);
  EXPECT_TRUE(is_image_folder(folder()));
}

TEST_F(ImageFolder, RefusesPicturesOfSeveralSizes) {
  put("a/1.png", 1);
  put("b/1.png", 1);
  put("b/2.png", 1, {3, 2});
  const Explanation why = refusal();
  EXPECT_EQ(why.where, (folder() / "b/2.png").string());
  EXPECT_EQ(why.expected, "3 by 2 pixels, as " + (folder() / "a/1.png").string() + " has");
  EXPECT_EQ(why.found, "2 by 3 pixels");
}

TEST_F(ImageFolder, RefusesAPictureThatCannotBeRead) {
  put("a/1.png", 1);
  put_bytes("b/1.png", "no picture");
  EXPECT_EQ(refusal().where, (folder() / "b/1.png").string());
}

TEST_F(ImageFolder, RefusesFewerThanTwoClassesOrAnEmptyOne) {
  EXPECT_EQ(refusal().found, "0 sub-folders");
  put("a/1.png", 1);
  EXPECT_EQ(refusal().found, "1 sub-folders");
  fs::create_directory(folder() / "b");
  EXPECT_EQ(refusal().what, "a class has no pictures");
  EXPECT_EQ(refusal().where, (folder() / "b").string());
}

TEST_F(ImageFolder, RefusesAFolderThatIsNotThere) {
  EXPECT_EQ(refusal_of([&] { read_image_folder(folder() / "none"); }).what,
            "the folder cannot be read");
}

}  // namespace
}  // namespace deltarule
