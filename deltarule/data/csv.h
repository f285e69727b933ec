// Tables of numbers with a class for each row, as text.
//
// Separated by commas, semicolons, tabs or blanks (found from the first lines), quoted as RFC 4180
// has it, any line ends, a UTF-8 byte order mark or none. A header is recognized by text above
// numbers. Whole numbers from 0 to 255 in s² ≥ 64 columns are taken as pictures of s×s bytes, all
// else as float. There is no official test part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "deltarule/data/dataset.h"

namespace deltarule {

struct CsvOptions {
  /// The column of the classes: a header's name, or a number from 1. Empty: the column that a
  /// header calls "label", "class", "target", "species" or "y" in any capitals; otherwise the only
  /// column of text, if it is the first or the last; otherwise the first, if the others look like
  /// the pixels of a picture (MNIST as CSV). If none of these finds it, an Error asks for it.
  std::string label_column{};
};

/// Classes are the texts of the label column, sorted by sort_class_names. Throws Error naming line
/// and column: a cell that is missing or no finite number, a row of another length, an open quote,
/// no rows, one class only. `name` is used in messages.
Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options = {});

/// Plain or gzipped.
Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

}  // namespace deltarule
