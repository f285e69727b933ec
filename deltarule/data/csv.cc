#include "deltarule/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/base/options.h"
#include "deltarule/data/csv_rows.h"

namespace deltarule {
namespace {

constexpr const char* kNameLabel =
    "name the column of the classes with --label, by its header or by its number from 1";

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// As it may be shown: short, without control characters.
std::string shown(std::string_view cell) {
  constexpr std::size_t kMost = 40;
  std::string text(cell.substr(0, kMost));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = '?';
  }
  return "\"" + text + (cell.size() > kMost ? "…\"" : "\"");
}

std::optional<double> parse_number(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double number = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (code != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return number;
}

std::optional<std::uint8_t> parse_byte(std::string_view cell) {
  std::uint8_t byte = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), byte);
  if (code == std::errc() && end == cell.data() + cell.size()) return byte;
  const std::optional<double> number = parse_number(cell);  // 7.0 and 7.000e+00 are bytes too
  if (!number || !(*number >= 0 && *number <= 255) || *number != std::floor(*number)) {
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(*number);
}

bool is_missing(std::string_view cell) {
  const std::string text = lower(std::string(cell.substr(0, 5)));
  return text.empty() || text == "?" || text == "na" || text == "n/a" || text == "null";
}

/// The side of the square picture that so many pixels make, or 0.
std::size_t picture_side(std::size_t pixels) {
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  return side >= 8 && side * side == pixels ? side : 0;
}

/// Bytes as long as all values are, then floats.
class Values {
 public:
  /// False if the cell is no finite number.
  bool add(std::string_view cell) {
    if (is_bytes_) {
      if (const auto byte = parse_byte(cell)) {
        bytes_.push_back(*byte);
        return true;
      }
      become_floats();
    }
    const std::optional<double> number = parse_number(cell);
    const float value = number ? static_cast<float>(*number) : 0.0F;
    floats_.push_back(value);
    return number && std::isfinite(value);
  }

  bool is_bytes() const { return is_bytes_; }
  std::vector<std::uint8_t> take_bytes() { return std::move(bytes_); }
  std::vector<float> take_floats() {
    if (is_bytes_) become_floats();
    return std::move(floats_);
  }

 private:
  void become_floats() {
    floats_.assign(bytes_.begin(), bytes_.end());
    bytes_ = {};
    is_bytes_ = false;
  }

  bool is_bytes_ = true;
  std::vector<std::uint8_t> bytes_;
  std::vector<float> floats_;
};

using Cells = std::vector<std::string>;

bool is_label_name(const std::string& name) {
  const std::string text = lower(name);
  return text == "label" || text == "class" || text == "target" || text == "species" || text == "y";
}

/// A header has text above numbers, or text in more columns than one can be the classes. Text in
/// one column only, above text, is a header if it is what a header calls the classes.
bool is_header(const Cells& first, const Cells& second) {
  std::vector<std::size_t> text;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!parse_number(first[i])) text.push_back(i);
  }
  if (text.size() != 1) return text.size() > 1;
  const std::size_t column = text[0];
  if (column < second.size() && parse_number(second[column])) return true;
  return is_label_name(first[column]);
}

class Table {
 public:
  Table(std::string_view text, const std::string& name, const CsvOptions& options)
      : name_(name), rows_(text, find_separator(text), name) {
    Cells first = next_cells(), second = next_cells();
    if (first.empty()) throw Error({.what = "the file is empty", .where = name});
    columns_ = first.size();
    if (columns_ < 2) {
      throw Error({.what = "there is only one column",
                   .where = name,
                   .expected = "columns separated by commas, semicolons, tabs or blanks",
                   .found = shown(first[0])});
    }
    const std::size_t second_line = rows_.line();
    if (is_header(first, second)) {
      header_ = std::move(first);
      check_header();
    }
    label_ = find_label(header_.empty() ? first : second, options.label_column);
    if (header_.empty()) add_row({first.begin(), first.end()}, first_line_);
    if (!second.empty()) add_row({second.begin(), second.end()}, second_line);
    while (rows_.next()) add_row(rows_.cells(), rows_.line());
  }

  Dataset take();

 private:
  Cells next_cells() {
    if (!rows_.next()) return {};
    if (first_line_ == 0) first_line_ = rows_.line();
    return {rows_.cells().begin(), rows_.cells().end()};
  }

  std::string column_text(std::size_t column) const {
    const std::string number = "column " + std::to_string(column + 1);
    return header_.empty() ? number : number + " (" + shown(header_[column]) + ")";
  }

  void check_header() const {
    for (std::size_t i = 0; i < columns_; ++i) {
      if (!header_[i].empty()) continue;
      throw Error({.what = "column " + std::to_string(i + 1) + " has no name",
                   .where = name_ + ", line " + std::to_string(first_line_),
                   .expected = "a header that names every column",
                   .next = "remove the column if it only counts the rows, else name it"});
    }
  }

  std::size_t find_label(const Cells& sample, const std::string& wanted) const;
  std::size_t find_named_label(const std::string& wanted) const;
  std::optional<std::size_t> guess_label(const Cells& sample) const;
  void add_row(std::span<const std::string_view> cells, std::size_t line);
  void add_row(const std::vector<std::string_view>& cells, std::size_t line) {
    add_row(std::span(cells), line);
  }
  void add_label(std::string_view cell, std::size_t line);
  [[noreturn]] void throw_bad_cell(std::string_view cell, std::size_t column,
                                   std::size_t line) const;

  std::string name_;
  CsvRows rows_;
  std::size_t first_line_ = 0, columns_ = 0, label_ = 0;
  Cells header_;
  Values values_;
  std::vector<std::uint16_t> labels_;  ///< in order of appearance of the classes
  std::map<std::string, std::uint16_t, std::less<>> classes_;
};

std::size_t Table::find_label(const Cells& sample, const std::string& wanted) const {
  if (!wanted.empty()) return find_named_label(wanted);
  for (const char* name : {"label", "class", "target", "species", "y"}) {
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (lower(header_[i]) == name) return i;
    }
  }
  if (const std::optional<std::size_t> guess = guess_label(sample)) return *guess;
  throw Error({.what = "it is not clear which column holds the classes",
               .where = name_,
               .expected = "a header that says label, class, target, species or y, or one column "
                           "of text that is the first or the last",
               .found = std::to_string(columns_) + " columns",
               .next = kNameLabel});
}

std::size_t Table::find_named_label(const std::string& wanted) const {
  const auto count = std::count(header_.begin(), header_.end(), wanted);
  if (count > 1) {
    throw Error({.what = "more than one column is called " + shown(wanted),
                 .where = name_,
                 .next = "give its number from 1 to --label"});
  }
  if (count == 1) {
    return static_cast<std::size_t>(std::find(header_.begin(), header_.end(), wanted) -
                                    header_.begin());
  }
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  const bool is_number = code == std::errc() && end == wanted.data() + wanted.size();
  if (is_number && number >= 1 && number <= columns_) return number - 1;
  const std::string nearest = nearest_name(wanted, header_);
  const std::string numbers = "a number from 1 to " + std::to_string(columns_);
  throw Error({.what = "there is no column " + shown(wanted) + " to take the classes from",
               .where = name_,
               .expected = header_.empty() ? numbers + ", as there is no header"
                                           : "a name of the header, or " + numbers,
               .found = wanted,
               .next = nearest.empty() ? "" : "did you mean " + shown(nearest) + "?"});
}

std::optional<std::size_t> Table::guess_label(const Cells& sample) const {
  std::vector<std::size_t> text;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (!parse_number(sample[i]) && !is_missing(sample[i])) text.push_back(i);
  }
  if (text.size() == 1 && (text[0] == 0 || text[0] + 1 == columns_)) return text[0];
  const bool pixels = std::all_of(sample.begin(), sample.end(),
                                  [](const std::string& cell) { return parse_byte(cell); });
  if (pixels && picture_side(columns_ - 1) > 0) return 0;
  return std::nullopt;
}

void Table::add_row(std::span<const std::string_view> cells, std::size_t line) {
  if (cells.size() != columns_) {
    throw Error({.what = "a row has another number of cells than the first",
                 .where = name_ + ", line " + std::to_string(line),
                 .expected = std::to_string(columns_),
                 .found = std::to_string(cells.size())});
  }
  for (std::size_t i = 0; i < columns_; ++i) {
    if (i == label_) {
      add_label(cells[i], line);
    } else if (!values_.add(cells[i])) {
      throw_bad_cell(cells[i], i, line);
    }
  }
}

void Table::add_label(std::string_view cell, std::size_t line) {
  constexpr std::size_t kMostClasses = 65535;
  if (cell.empty()) throw_bad_cell(cell, label_, line);
  auto found = classes_.find(cell);
  if (found == classes_.end()) {
    if (classes_.size() == kMostClasses) {
      throw Error({.what = "there are too many classes",
                   .where = name_ + ", line " + std::to_string(line) + ", " + column_text(label_),
                   .expected = "at most " + std::to_string(kMostClasses),
                   .next = kNameLabel});
    }
    found = classes_.emplace(cell, static_cast<std::uint16_t>(classes_.size())).first;
  }
  labels_.push_back(found->second);
}

void Table::throw_bad_cell(std::string_view cell, std::size_t column, std::size_t line) const {
  const bool missing = is_missing(cell), number = parse_number(cell).has_value();
  std::string next;
  if (missing) next = "fill the cell in or remove its row";
  if (!missing && !number) next = kNameLabel;
  throw Error({.what = missing  ? "a cell is missing"
                       : number ? "a cell is not a finite number"
                                : "a cell is not a number",
               .where = name_ + ", line " + std::to_string(line) + ", " + column_text(column),
               .expected = column == label_ ? "a class" : "a number",
               .found = shown(cell),
               .next = next});
}

Dataset Table::take() {
  if (labels_.empty()) throw Error({.what = "there are no rows below the header", .where = name_});
  Dataset data;
  for (const auto& [name, index] : classes_) data.classes.push_back(name);
  if (data.classes.size() < 2) {
    throw Error({.what = "all rows have the same class",
                 .where = name_ + ", " + column_text(label_),
                 .expected = "at least 2 classes",
                 .found = shown(data.classes[0]),
                 .next = kNameLabel});
  }
  sort_class_names(data.classes);
  std::vector<std::uint16_t> sorted(data.classes.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sorted[classes_[data.classes[i]]] = static_cast<std::uint16_t>(i);
  }
  for (std::uint16_t& label : labels_) label = sorted[label];
  data.training_count = labels_.size();
  data.labels = std::move(labels_);
  data.features = columns_ - 1;
  const std::size_t side = picture_side(data.features);
  if (values_.is_bytes() && side > 0) {
    data.image = {side, side};
    data.values = values_.take_bytes();
  } else {
    data.values = values_.take_floats();
  }
  if (!header_.empty()) {
    header_.erase(header_.begin() + static_cast<std::ptrdiff_t>(label_));
    data.feature_names = std::move(header_);
  }
  return data;
}

void check_is_text(std::string_view text, const std::string& name) {
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (!utf16 && text.find('\0') == std::string_view::npos) return;
  throw Error({.what = "this is not a CSV file",
               .where = name,
               .expected = "text in UTF-8",
               .found = utf16 ? "text in UTF-16" : "bytes that are no text",
               .next = utf16 ? "save the file as UTF-8" : ""});
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  check_is_text(text, name);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string hash = sha256(text);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Dataset data = Table(text, name, options).take();
  data.name = std::filesystem::path(name).filename().string();
  data.description = std::to_string(data.count()) + " rows of a CSV file";
  data.files = {{data.name, hash}};
  return data;
}

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  std::string bytes = read_file(path);
  if (is_gzip(bytes)) {
    // A bomb of zeros is no text from its first bytes on, and need not be unpacked to see that.
    constexpr std::size_t kFront = 4096;
    check_is_text(gunzip_front(bytes, path.string(), kFront), path.string());
    bytes = gunzip(bytes, path.string());
  }
  return parse_csv(bytes, path.string(), options);
}

}  // namespace deltarule
