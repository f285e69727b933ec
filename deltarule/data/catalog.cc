#include "deltarule/data/catalog.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/data/download.h"
#include "deltarule/data/idx.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDownloadBytes = std::size_t{256} << 20;

std::vector<CatalogFile> idx_files(const char* train_images, const char* train_labels,
                                   const char* test_images, const char* test_labels) {
  return {{"train-images-idx3-ubyte", train_images},
          {"train-labels-idx1-ubyte", train_labels},
          {"t10k-images-idx3-ubyte", test_images},
          {"t10k-labels-idx1-ubyte", test_labels}};
}

CatalogEntry mnist() {
  return {
      .name = "mnist",
      .title = "MNIST, handwritten digits",
      .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                  "https://storage.googleapis.com/cvdf-datasets/mnist/"},
      .files = idx_files("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                         "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                         "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                         "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
      .classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
  };
}

CatalogEntry fashion_mnist() {
  return {
      .name = "fashion-mnist",
      .title = "Fashion-MNIST, pictures of clothes",
      .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
      .files = idx_files("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                         "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                         "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                         "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
      .classes = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                  "Sneaker", "Bag", "Ankle boot"},
  };
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// "" if the machine says nowhere where a cache may lie. A relative $XDG_CACHE_HOME is to be
// ignored, says its specification.
fs::path cache_folder(const CatalogEntry& entry) {
  const fs::path named = environment("XDG_CACHE_HOME");
  if (named.is_absolute()) return named / "deltarule" / entry.name;
  const fs::path home = environment("HOME");
  return home.is_absolute() ? home / ".cache" / "deltarule" / entry.name : fs::path();
}

// The file as it lies in `folder`, plain or gzipped; "" if it does not.
fs::path find_file(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  for (const fs::path& path : {folder / name, folder / (name + ".gz")}) {
    if (fs::exists(path, ignored)) return path;
  }
  return {};
}

bool holds_all(const fs::path& folder, const CatalogEntry& entry) {
  return std::all_of(entry.files.begin(), entry.files.end(), [&](const CatalogFile& file) {
    return !find_file(folder, file.name).empty();
  });
}

bool is_sound(const fs::path& path, const CatalogFile& file) {
  if (path.empty()) return false;
  try {
    return sha256(read_unpacked_file(path)) == file.sha256;
  } catch (const Error&) {
    return false;
  }
}

// The gzipped file, if a mirror has the right one; each mirror's answer is added to `answers`.
std::optional<std::string> try_mirrors(const CatalogEntry& entry, const CatalogFile& file,
                                       const OpenOptions& options, std::string& answers) {
  for (const std::string& mirror : entry.mirrors) {
    const std::string url = mirror + file.name + ".gz";
    try {
      std::string packed =
          download(url, kMostDownloadBytes, [&](std::size_t bytes, std::size_t total) {
            if (options.on_download) options.on_download(file.name, bytes, total);
          });
      const std::string hash = sha256(gunzip(packed, url));
      if (hash == file.sha256) return packed;
      answers += "\n    " + url + ": a file with the wrong SHA-256, " + hash;
    } catch (const Error& error) {
      const Explanation& reason = error.explanation();
      answers += "\n    " + url + ": " + (reason.found.empty() ? reason.what : reason.found);
    }
  }
  return std::nullopt;
}

std::string where_to_put(const CatalogEntry& entry) {
  return "get the files another way and put them in $DELTARULE_DATA/" + entry.name +
         ", or use synthetic digits";
}

void fetch_file(const CatalogEntry& entry, const CatalogFile& file, const fs::path& folder,
                const OpenOptions& options) {
  std::string answers;
  const std::optional<std::string> packed = try_mirrors(entry, file, options, answers);
  if (!packed) {
    throw Error({.what = entry.name + " cannot be downloaded",
                 .where = file.name,
                 .expected = "the file with SHA-256 " + file.sha256,
                 .found = "from each mirror:" + answers,
                 .next = "check the network and try again; or " + where_to_put(entry)});
  }
  // Of a plain file and a gzipped one, the plain one is read: a bad one must not stay in the way.
  std::error_code ignored;
  fs::remove(folder / file.name, ignored);
  replace_file(folder / (file.name + ".gz"), *packed);
}

std::string read_checked(const CatalogEntry& entry, const CatalogFile& file,
                         const fs::path& folder) {
  const fs::path path = find_file(folder, file.name);
  if (path.empty()) {
    throw Error({.what = "a file of " + entry.name + " is missing",
                 .where = folder.string(),
                 .expected = file.name + " or " + file.name + ".gz",
                 .next = "put the file there, or unset DELTARULE_DATA to have it downloaded"});
  }
  std::string bytes = read_unpacked_file(path);
  const std::string hash = sha256(bytes);
  if (hash == file.sha256) return bytes;
  throw Error({.what = "this is not the file that " + entry.name + " is made of",
               .where = path.string(),
               .expected = "SHA-256 " + file.sha256 + " when decompressed",
               .found = "SHA-256 " + hash,
               .next =
                   "delete the file and fetch the data set again; to use data of your own, name "
                   "its folder instead of the data set"});
}

void append_test_part(Dataset& data, const Dataset& test) {
  if (test.features != data.features) {
    throw Error({.what = "training and test examples differ in size",
                 .where = data.name,
                 .expected = std::to_string(data.features) + " features",
                 .found = std::to_string(test.features)});
  }
  auto& bytes = std::get<std::vector<std::uint8_t>>(data.values);
  const auto& more = std::get<std::vector<std::uint8_t>>(test.values);
  bytes.insert(bytes.end(), more.begin(), more.end());
  data.labels.insert(data.labels.end(), test.labels.begin(), test.labels.end());
  data.test_count = test.training_count;
}

}  // namespace

const std::vector<CatalogEntry>& catalog() {
  static const std::vector<CatalogEntry> entries = {mnist(), fashion_mnist()};
  return entries;
}

const CatalogEntry* find_in_catalog(const std::string& name) {
  const auto& entries = catalog();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const CatalogEntry& entry) { return entry.name == name; });
  return found != entries.end() ? &*found : nullptr;
}

fs::path find_folder(const CatalogEntry& entry) {
  // A folder that someone has named counts even where a file lacks, so that the lack is told and
  // not made good in silence by other files.
  const std::string named = environment("DELTARULE_DATA");
  std::error_code ignored;
  if (!named.empty() && fs::is_directory(fs::path(named) / entry.name, ignored)) {
    return fs::path(named) / entry.name;
  }
  const fs::path cache = cache_folder(entry);
  return !cache.empty() && holds_all(cache, entry) ? cache : fs::path();
}

fs::path fetch(const CatalogEntry& entry, const OpenOptions& options) {
  const fs::path folder = cache_folder(entry);
  if (folder.empty()) {
    throw Error({.what = "there is no folder to keep downloads in",
                 .expected = "an absolute path in XDG_CACHE_HOME or HOME",
                 .next = "set one of them, or " + where_to_put(entry)});
  }
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) {
    throw Error({.what = "the folder for downloads cannot be made",
                 .where = folder.string(),
                 .found = code.message(),
                 .next = "set XDG_CACHE_HOME to a folder that can be written to"});
  }
  for (const CatalogFile& file : entry.files) {
    if (!is_sound(find_file(folder, file.name), file)) fetch_file(entry, file, folder, options);
  }
  return folder;
}

Dataset open_catalog(const CatalogEntry& entry, const OpenOptions& options) {
  fs::path folder = find_folder(entry);
  if (folder.empty() && !options.may_download) {
    throw Error({.what = entry.name + " is not on this machine, and downloading is switched off",
                 .expected = "its files in $DELTARULE_DATA/" + entry.name + " or in " +
                             cache_folder(entry).string(),
                 .next = "allow the download, or " + where_to_put(entry)});
  }
  if (folder.empty()) folder = fetch(entry, options);
  const auto read = [&](std::size_t i) {
    return parse_idx(read_checked(entry, entry.files[i], folder), entry.files[i].name);
  };
  Dataset data = make_idx_dataset(entry.name, read(0), read(1), entry.classes);
  append_test_part(data, make_idx_dataset(entry.name, read(2), read(3), entry.classes));
  data.description = entry.title + ": " + std::to_string(data.training_count) + " for training, " +
                     std::to_string(data.test_count) + " for the test";
  data.files.clear();
  for (const CatalogFile& file : entry.files) data.files.push_back({file.name, file.sha256});
  return data;
}

}  // namespace deltarule
