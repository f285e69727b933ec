#include "deltarule/data/open.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/base/options.h"
#include "deltarule/data/catalog.h"
#include "deltarule/data/idx_folder.h"
#include "deltarule/data/image_folder.h"
#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSynthetic = "synthetic";
constexpr const char* kAnySource =
    "a data set's name, an IDX or CSV file, a folder of IDX files, or a folder with a sub-folder "
    "of PNG files for each class";

std::int64_t parse_whole(const std::string& name, double least, double most,
                         const std::string& text, const std::string& source) {
  const OptionInfo info{name, OptionType::kInteger, least, most, {}, ""};
  return std::get<std::int64_t>(parse_option(info, text, source));
}

/// "synthetic", "synthetic:COUNT" or "synthetic:COUNT:SEED".
Dataset open_synthetic(const std::string& source, const OpenOptions& options) {
  if (source == kSynthetic) return make_synthetic_digits(options.synthetic_count);
  constexpr double kLeast = 20, kMost = 5'000'000;  // 4 GB of pixels
  const std::string arguments = source.substr(kSynthetic.size() + 1);
  const std::size_t colon = arguments.find(':');
  const std::int64_t count =
      parse_whole("the number of digits", kLeast, kMost, arguments.substr(0, colon), source);
  const std::int64_t seed =
      colon == std::string::npos
          ? 1
          : parse_whole("the seed of the digits", 0, static_cast<double>(INT64_MAX),
                        arguments.substr(colon + 1), source);
  return make_synthetic_digits(static_cast<std::size_t>(count), static_cast<std::uint64_t>(seed));
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : catalog()) names.push_back(entry.name);
  names.emplace_back(kSynthetic);
  return names;
}

[[noreturn]] void throw_unknown_source(const std::string& source, const std::string& reason) {
  std::string names;
  for (const std::string& name : known_names()) names += (names.empty() ? "" : ", ") + name;
  const std::string nearest = nearest_name(source, known_names());
  throw Error({.what = "there is no data set, file or folder \"" + source + "\"",
               .where = source,
               .expected = "one of " + names + ", or the path of a file or folder",
               .found = reason,
               .next = nearest.empty() ? "" : "did you mean \"" + nearest + "\"?"});
}

Dataset open_folder(const fs::path& folder) {
  if (is_idx_folder(folder)) return read_idx_folder(folder);
  if (is_image_folder(folder)) return read_image_folder(folder);
  throw Error({.what = "no data are found in this folder",
               .where = folder.string(),
               .expected = "train-images-idx3-ubyte and its labels, or a sub-folder of PNG files "
                           "for each class"});
}

/// The name in small letters, without ".gz".
std::string plain_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 32 || (c >= '\t' && c <= '\r');
  });
}

/// Enough of the content to tell what it is.
std::string read_front(const fs::path& path) {
  constexpr std::size_t kFront = 4096;
  const std::string bytes = read_file(path);
  return is_gzip(bytes) ? gunzip_front(bytes, path.string(), kFront) : bytes.substr(0, kFront);
}

Dataset open_file(const fs::path& path, const OpenOptions& options) {
  const std::string front = read_front(path);
  if (front.empty()) throw Error({.what = "the file is empty", .where = path.string()});
  const std::string name = plain_name(path);
  if (name.ends_with(".csv") || name.ends_with(".tsv")) return read_csv(path, options.csv);
  const bool starts_as_idx = front.starts_with(std::string_view("\0\0", 2));
  if (starts_as_idx || name.ends_with("ubyte") || name.ends_with(".idx")) {
    return read_idx_pair(path);
  }
  if (is_text(front)) return read_csv(path, options.csv);
  throw Error({.what = front.starts_with("\x89PNG") ? "one picture is no data set"
                                                    : "the file is of no kind that is known here",
               .where = path.string(),
               .expected = kAnySource,
               .found = front.starts_with("\x89PNG") ? "a PNG file" : "other bytes"});
}

Dataset open_any(const std::string& source, const OpenOptions& options) {
  if (const CatalogEntry* entry = find_in_catalog(source)) return open_catalog(*entry, options);
  if (source == kSynthetic || source.starts_with(std::string(kSynthetic) + ":")) {
    return open_synthetic(source, options);
  }
  std::error_code code;
  const fs::file_status status = fs::status(source, code);
  if (!fs::exists(status)) throw_unknown_source(source, code.message());
  return fs::is_directory(status) ? open_folder(source) : open_file(source, options);
}

}  // namespace

Dataset open_dataset(const std::string& source, const OpenOptions& options) {
  Dataset data = open_any(source, options);
  data.lit = make_lit_pixels(data);
  return data;
}

DefaultDataset open_default_dataset(const OpenOptions& options) {
  // A copy that is there but damaged is for its owner to know of, not to be passed over.
  if (!find_folder(*find_in_catalog("mnist")).empty()) return {open_dataset("mnist", options), ""};
  try {
    return {open_dataset("mnist", options), ""};
  } catch (const Error& error) {
    const Explanation& why = error.explanation();
    Dataset digits = make_synthetic_digits(options.synthetic_count);
    digits.lit = make_lit_pixels(digits);
    return {std::move(digits),
            "MNIST cannot be had, so these are synthetic digits, drawn by a seeded pen and not by "
            "people (" +
                why.what + (why.where.empty() ? "" : ": " + why.where) + ")"};
  }
}

}  // namespace deltarule
