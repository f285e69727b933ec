#include "deltarule/data/image_folder.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/data/image.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_png(const fs::directory_entry& entry) {
  std::string extension = entry.path().extension().string();
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  std::error_code none;
  return extension == ".png" && entry.is_regular_file(none) && !is_hidden(entry.path());
}

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    entries.push_back(*entry);
  }
  if (!code) return entries;
  throw Error(
      {.what = "the folder cannot be read", .where = folder.string(), .found = code.message()});
}

std::vector<std::string> class_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : entries_of(folder)) {
    std::error_code none;
    if (entry.is_directory(none) && !is_hidden(entry.path())) {
      names.push_back(entry.path().filename().string());
    }
  }
  sort_class_names(names);
  return names;
}

std::vector<fs::path> png_files(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : entries_of(folder)) {
    if (is_png(entry)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string size_text(ImageShape shape) {
  return std::to_string(shape.width) + " by " + std::to_string(shape.height) + " pixels";
}

/// Gathers pictures, all of the size of the first.
struct Gathering {
  Dataset data;
  std::vector<std::uint8_t> pixels;
  std::string hashes;
  fs::path first;

  void add(const fs::path& path, std::size_t label) {
    const std::string bytes = read_file(path);
    const Image image = decode_png(bytes, path.string());
    if (first.empty()) {
      first = path;
      data.image = image.shape;
    } else if (image.shape != data.image) {
      throw Error({.what = "the pictures have several sizes",
                   .where = path.string(),
                   .expected = size_text(data.image) + ", as " + first.string() + " has",
                   .found = size_text(image.shape),
                   .next = "scale all pictures to one size"});
    }
    pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
    data.labels.push_back(static_cast<std::uint16_t>(label));
    hashes += sha256(bytes) + "  " + data.classes[label] + "/" + path.filename().string() + "\n";
  }
};

}  // namespace

bool is_image_folder(const fs::path& folder) {
  for (const std::string& name : class_names(folder)) {
    if (!png_files(folder / name).empty()) return true;
  }
  return false;
}

Dataset read_image_folder(const fs::path& folder) {
  constexpr std::size_t kMostClasses = 65535;
  Gathering gathering;
  Dataset& data = gathering.data;
  data.classes = class_names(folder);
  if (data.classes.size() < 2 || data.classes.size() > kMostClasses) {
    throw Error({.what = "a folder of pictures needs 2 classes or more",
                 .where = folder.string(),
                 .expected = "one sub-folder per class, with PNG files in it",
                 .found = std::to_string(data.classes.size()) + " sub-folders"});
  }
  for (std::size_t label = 0; label < data.classes.size(); ++label) {
    const fs::path class_folder = folder / data.classes[label];
    const std::vector<fs::path> paths = png_files(class_folder);
    if (paths.empty()) {
      throw Error({.what = "a class has no pictures",
                   .where = class_folder.string(),
                   .expected = "PNG files",
                   .found = "none",
                   .next = "convert the pictures to PNG, or remove the folder"});
    }
    for (const fs::path& path : paths) gathering.add(path, label);
  }
  data.name = (folder / "").parent_path().filename().string();
  data.features = data.image.pixels();
  data.training_count = data.labels.size();
  data.description = std::to_string(data.training_count) + " PNG files in " +
                     std::to_string(data.classes.size()) + " folders";
  data.values = std::move(gathering.pixels);
  data.files = {{data.name, sha256(gathering.hashes)}};
  return std::move(gathering.data);
}

}  // namespace deltarule
