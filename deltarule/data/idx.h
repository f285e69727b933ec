// IDX, the format of MNIST: a magic number, big-endian sizes, then unsigned bytes.
//
//   bytes 0-1  zero        byte 2  type: 0x08 unsigned byte        byte 3  number of dimensions,
//   1-4 then one 32-bit size per dimension, then the elements, the last dimension fastest
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "deltarule/data/dataset.h"

namespace deltarule {

struct IdxArray {
  std::vector<std::size_t> sizes;  ///< 1 to 4 of them
  std::vector<std::uint8_t> elements;
};

/// `name` is used in messages. Throws Error: wrong magic or type, or a size that disagrees with the
/// number of bytes that are there; nothing is allocated on the word of a header.
IdxArray parse_idx(std::string_view bytes, const std::string& name);

/// Plain or gzipped.
IdxArray read_idx(const std::filesystem::path& path);

std::string serialize_idx(const IdxArray& array);

/// Images (n, rows, columns) or vectors (n, features), and labels (n). Classes are "0" … "9" if no
/// names are given and the greatest label is below 10, else one per label up to the greatest.
/// Throws Error if the counts disagree or a label has no class.
Dataset make_idx_dataset(std::string name, IdxArray images, const IdxArray& labels,
                         std::vector<std::string> classes = {});

}  // namespace deltarule
