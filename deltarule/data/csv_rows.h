// The rows of separated text, before anything is known about what they mean.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace deltarule {

/// Tab, semicolon, comma or blank: the first of them, in this order, that cuts the first lines into
/// equally many cells, at least 2. If none does, the one that is most frequent in the first line.
char find_separator(std::string_view text);

/// Reads row by row. Blank lines are skipped; blanks around cells are dropped. With a blank as the
/// separator any run of blanks and tabs counts as one.
class CsvRows {
 public:
  /// `text` must outlive the reader.
  CsvRows(std::string_view text, char separator, std::string name);
  ~CsvRows();

  /// Goes to the next row; false if there is none. Throws Error for quotes that do not match.
  bool next();

  std::size_t line() const;  ///< from 1, where the row begins
  std::span<const std::string_view> cells() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deltarule
