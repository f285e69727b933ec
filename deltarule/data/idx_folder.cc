#include "deltarule/data/idx_folder.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/data/idx.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPacked = ".gz";

std::string without_packed(std::string name) {
  if (name.ends_with(kPacked)) name.resize(name.size() - kPacked.size());
  return name;
}

/// `text` with the last `from` as `to`; as it is if there is none.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.rfind(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// The labels file of an images file: plain or gzipped, with the number of dimensions or without.
fs::path find_labels(const fs::path& images) {
  const std::string name = without_packed(images.filename().string());
  const std::string labels = replaced(name, "images", "labels");
  const std::string usual = replaced(replaced(labels, "idx3", "idx1"), "idx2", "idx1");
  if (labels == name && name.find("labels") != std::string::npos) {
    throw Error({.what = "these are labels, not images",
                 .where = images.string(),
                 .expected = "the images file, beside which its labels are found"});
  }
  if (labels == name) {
    throw Error({.what = "it is not clear which labels belong to these images",
                 .where = images.string(),
                 .expected = "a name with \"images\" in it, such as train-images-idx3-ubyte",
                 .next = "give the images file, named so, with its labels file beside it"});
  }
  std::error_code none;
  for (const std::string& candidate : {usual, labels}) {
    for (const std::string_view end : {std::string_view(), kPacked}) {
      const fs::path path = images.parent_path() / (candidate + std::string(end));
      if (fs::exists(path, none)) return path;
    }
  }
  throw Error({.what = "the labels of these images are missing",
               .where = images.string(),
               .expected = usual + " or " + usual + std::string(kPacked) + " beside it"});
}

SourceFile describe(const fs::path& path, const IdxArray& array) {
  // IDX has one way to write an array, so these are the bytes that were read.
  return {without_packed(path.filename().string()), sha256(serialize_idx(array))};
}

/// The images files with one of `parts` in their names, one for each plain and gzipped twin.
std::vector<fs::path> find_images(const fs::path& folder,
                                  std::initializer_list<std::string_view> parts) {
  std::error_code code;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    const auto contains = [&](std::string_view part) { return name.find(part) != name.npos; };
    if (!name.starts_with('.') && std::any_of(parts.begin(), parts.end(), contains)) {
      paths.push_back(entry->path());
    }
  }
  if (code) {
    throw Error(
        {.what = "the folder cannot be read", .where = folder.string(), .found = code.message()});
  }
  std::sort(paths.begin(), paths.end());  // a plain file right before its twin
  const auto twins = [](const fs::path& a, const fs::path& b) {
    return without_packed(a.string()) == without_packed(b.string());
  };
  paths.erase(std::unique(paths.begin(), paths.end(), twins), paths.end());
  if (paths.size() <= 1) return paths;
  throw Error({.what = "several data sets lie in this folder",
               .where = folder.string(),
               .expected = "one images file for each part",
               .found = paths[0].filename().string() + " and " + paths[1].filename().string(),
               .next = "name the images file itself, or give each set its own folder"});
}

std::string shape_text(const Dataset& data) {
  if (data.image == ImageShape{}) return std::to_string(data.features) + " features";
  return std::to_string(data.image.height) + "×" + std::to_string(data.image.width) + " pixels";
}

void append_test(Dataset& data, Dataset test) {
  if (test.features != data.features || test.image != data.image) {
    throw Error({.what = "the test examples do not fit the training examples",
                 .where = test.name,
                 .expected = shape_text(data),
                 .found = shape_text(test)});
  }
  auto& values = std::get<std::vector<std::uint8_t>>(data.values);
  const auto& more = std::get<std::vector<std::uint8_t>>(test.values);
  values.insert(values.end(), more.begin(), more.end());
  data.labels.insert(data.labels.end(), test.labels.begin(), test.labels.end());
  data.files.insert(data.files.end(), test.files.begin(), test.files.end());
  // Both count from "0"; the part with the greater label has the longer list.
  if (test.classes.size() > data.classes.size()) data.classes = std::move(test.classes);
  data.test_count = test.training_count;
}

}  // namespace

Dataset read_idx_pair(const fs::path& images) {
  const fs::path labels = find_labels(images);
  IdxArray image_array = read_idx(images);
  const IdxArray label_array = read_idx(labels);
  std::vector<SourceFile> files = {describe(images, image_array), describe(labels, label_array)};
  Dataset data = make_idx_dataset(images.string(), std::move(image_array), label_array);
  data.name = without_packed(images.filename().string());
  data.files = std::move(files);
  return data;
}

bool is_idx_folder(const fs::path& folder) {
  return !find_images(folder, {"train-images"}).empty();
}

Dataset read_idx_folder(const fs::path& folder) {
  const std::vector<fs::path> train = find_images(folder, {"train-images"});
  const std::vector<fs::path> test = find_images(folder, {"t10k-images", "test-images"});
  if (train.empty()) {
    throw Error({.what = "there are no training images in this folder",
                 .where = folder.string(),
                 .expected = "train-images-idx3-ubyte, plain or gzipped"});
  }
  Dataset data = read_idx_pair(train[0]);
  if (!test.empty()) append_test(data, read_idx_pair(test[0]));
  data.name = (folder / "").parent_path().filename().string();
  data.description = std::to_string(data.training_count) + " examples from IDX files, and " +
                     std::to_string(data.test_count) + " for the test";
  return data;
}

}  // namespace deltarule
