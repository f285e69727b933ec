// Text for people: formatted numbers, durations, tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deltarule::app {

/// printf into a string.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* pattern, ...);

/// "48,000".
std::string with_commas(std::uint64_t number);

/// "0.8 s", "42 s", "3 min 20 s", "1 h 5 min".
std::string duration_text(double seconds);

/// "1 file", "2 files".
std::string counted(std::uint64_t number, const std::string& one, const std::string& many);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);

/// The parts between commas, blanks around them removed; empty parts are left out.
std::vector<std::string> split_at_commas(std::string_view text);

/// How many columns UTF-8 text takes, one for each code point.
std::size_t display_width(std::string_view text);

/// Rows of cells in columns as wide as their widest cell, two blanks apart.
class Table {
 public:
  /// One letter a column: l(eft) or r(ight).
  explicit Table(std::string alignment) : alignment_(std::move(alignment)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Every line ends with a newline and begins with `indent`.
  std::string text(std::string_view indent = "") const;

 private:
  std::string alignment_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace deltarule::app
