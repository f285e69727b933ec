#include "deltarule/data/idx.h"

#include <algorithm>
#include <utility>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"

namespace deltarule {
namespace {

constexpr std::size_t kMostDimensions = 4;
constexpr std::size_t kMostHeaderBytes = 4 + 4 * kMostDimensions;
constexpr char kUnsignedByte = 0x08;

struct Header {
  std::vector<std::size_t> sizes;
  std::size_t elements = 0;
  std::size_t bytes() const { return 4 + 4 * sizes.size(); }
  std::size_t file_bytes() const { return bytes() + elements; }

  std::string sizes_text() const {
    std::string text;
    for (const std::size_t size : sizes) text += (text.empty() ? "" : "×") + std::to_string(size);
    return text;
  }
};

std::string type_text(char type) {
  const std::pair<char, const char*> known[] = {{0x09, "signed bytes"},
                                                {0x0B, "16-bit integers"},
                                                {0x0C, "32-bit integers"},
                                                {0x0D, "32-bit floating-point numbers"},
                                                {0x0E, "64-bit floating-point numbers"}};
  for (const auto& [code, text] : known) {
    if (code == type) return text + std::string(", which are not supported");
  }
  return "type " + std::to_string(static_cast<unsigned char>(type)) + ", which IDX does not have";
}

[[noreturn]] void throw_no_idx(const std::string& name, const std::string& expected,
                               const std::string& found) {
  throw Error({.what = "this is not an IDX file of unsigned bytes",
               .where = name + ", first 4 bytes",
               .expected = expected,
               .found = found});
}

[[noreturn]] void throw_cut_short(const std::string& name, const std::string& expected,
                                  std::size_t found) {
  throw Error({.what = "the IDX file is cut short",
               .where = name,
               .expected = expected,
               .found = std::to_string(found) + " bytes",
               .next = "fetch or copy the file again"});
}

std::size_t read_size(std::string_view bytes, std::size_t offset) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size = size << 8 | static_cast<unsigned char>(bytes[offset + i]);
  }
  return size;
}

/// The number of elements, or more than the limit if it is more; never an overflow.
std::size_t count_elements(const std::vector<std::size_t>& sizes, std::size_t limit) {
  std::size_t elements = 1;
  for (const std::size_t size : sizes) {
    if (size == 0) return 0;
    elements = elements > limit / size ? limit + 1 : elements * size;
  }
  return elements;
}

Header parse_header(std::string_view bytes, const std::string& name) {
  if (bytes.size() < 4) throw_cut_short(name, "a header of at least 8 bytes", bytes.size());
  if (bytes[0] != 0 || bytes[1] != 0) {
    throw_no_idx(name, "two zero bytes first", is_gzip(bytes) ? "a gzip file" : "other bytes");
  }
  if (bytes[2] != kUnsignedByte) throw_no_idx(name, "type 8, unsigned bytes", type_text(bytes[2]));
  const std::size_t dimensions = static_cast<unsigned char>(bytes[3]);
  if (dimensions < 1 || dimensions > kMostDimensions) {
    throw_no_idx(name, "1 to 4 dimensions", std::to_string(dimensions));
  }
  Header header;
  if (bytes.size() < 4 + 4 * dimensions) {
    throw_cut_short(name, "a header of " + std::to_string(4 + 4 * dimensions) + " bytes",
                    bytes.size());
  }
  for (std::size_t i = 0; i < dimensions; ++i) header.sizes.push_back(read_size(bytes, 4 + 4 * i));
  header.elements = count_elements(header.sizes, kMostFileBytes);
  if (header.file_bytes() <= kMostFileBytes) return header;
  throw Error({.what = "the IDX header claims more than any file may hold",
               .where = name,
               .expected = "at most " + std::to_string(kMostFileBytes) + " bytes",
               .found = header.sizes_text() + " elements"});
}

std::string expected_bytes(const Header& header) {
  return std::to_string(header.file_bytes()) + " bytes: a header of " +
         std::to_string(header.bytes()) + " and " + header.sizes_text() + " elements";
}

/// Of a gzipped file only as much is unpacked as its header claims, and one byte more, which is
/// then found to be too many.
std::string unpack(std::string_view packed, const std::string& name) {
  const Header header = parse_header(gunzip_front(packed, name, kMostHeaderBytes), name);
  if (header.file_bytes() > std::max(kBombBytes, kBombRatio * packed.size())) {
    throw Error({.what = "the IDX header claims more than the gzipped file can hold",
                 .where = name,
                 .expected = "sizes that fit " + std::to_string(packed.size()) + " packed bytes",
                 .found = header.sizes_text() + " elements"});
  }
  return gunzip_front(packed, name, header.file_bytes() + 1);
}

std::vector<std::string> number_classes(std::size_t count) {
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < count; ++i) classes.push_back(std::to_string(i));
  return classes;
}

void check_pair(const std::string& name, const IdxArray& images, const IdxArray& labels) {
  const std::size_t dimensions = images.sizes.size();
  if (dimensions != 2 && dimensions != 3) {
    throw Error({.what = "these are not images",
                 .where = name,
                 .expected = "3 dimensions (count, rows, columns) or 2 (count, features)",
                 .found = std::to_string(dimensions)});
  }
  if (labels.sizes.size() != 1) {
    throw Error({.what = "these are not labels",
                 .where = name,
                 .expected = "1 dimension",
                 .found = std::to_string(labels.sizes.size())});
  }
  if (images.sizes[0] != labels.sizes[0]) {
    throw Error({.what = "the numbers of images and of labels disagree",
                 .where = name,
                 .expected = std::to_string(images.sizes[0]) + " labels, as there are images",
                 .found = std::to_string(labels.sizes[0]) + " labels",
                 .next = "check that the two files belong together"});
  }
  if (images.elements.empty()) {
    throw Error({.what = "there are no images, or they have no pixels", .where = name});
  }
}

}  // namespace

IdxArray parse_idx(std::string_view bytes, const std::string& name) {
  Header header = parse_header(bytes, name);
  if (bytes.size() < header.file_bytes()) {
    throw_cut_short(name, expected_bytes(header), bytes.size());
  }
  if (bytes.size() > header.file_bytes()) {
    throw Error({.what = "the IDX file holds more than its header says",
                 .where = name,
                 .expected = expected_bytes(header),
                 .found = "bytes behind them"});
  }
  const std::string_view elements = bytes.substr(header.bytes());
  return {std::move(header.sizes), {elements.begin(), elements.end()}};
}

IdxArray read_idx(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  return parse_idx(is_gzip(bytes) ? unpack(bytes, path.string()) : bytes, path.string());
}

std::string serialize_idx(const IdxArray& array) {
  std::string bytes = {0, 0, kUnsignedByte, static_cast<char>(array.sizes.size())};
  bytes.reserve(kMostHeaderBytes + array.elements.size());
  for (const std::size_t size : array.sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xFF);
  }
  bytes.append(array.elements.begin(), array.elements.end());
  return bytes;
}

Dataset make_idx_dataset(std::string name, IdxArray images, const IdxArray& labels,
                         std::vector<std::string> classes) {
  check_pair(name, images, labels);
  const auto greatest = std::max_element(labels.elements.begin(), labels.elements.end());
  if (classes.empty()) classes = number_classes(*greatest < 10 ? 10 : *greatest + std::size_t{1});
  if (*greatest >= classes.size()) {
    throw Error(
        {.what = "a label has no class",
         .where = name + ", label " + std::to_string(greatest - labels.elements.begin() + 1),
         .expected = "0 to " + std::to_string(classes.size() - 1),
         .found = std::to_string(*greatest)});
  }
  Dataset data;
  data.training_count = images.sizes[0];
  data.features = images.elements.size() / data.training_count;
  if (images.sizes.size() == 3) data.image = {images.sizes[1], images.sizes[2]};
  data.description = std::to_string(data.training_count) + " examples from IDX files";
  data.name = std::move(name);
  data.values = std::move(images.elements);
  data.labels.assign(labels.elements.begin(), labels.elements.end());
  data.classes = std::move(classes);
  return data;
}

}  // namespace deltarule
