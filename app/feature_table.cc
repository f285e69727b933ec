#include "app/feature_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "deltarule/base/error.h"
#include "deltarule/data/csv_rows.h"

namespace deltarule::app {
namespace {

using Row = std::vector<std::string>;

/// Of one row, and where it stands.
struct Line {
  Row cells;
  std::string where;
};

std::vector<Line> read_lines(std::string_view text, const std::string& name) {
  CsvRows rows(text, find_separator(text), name);
  std::vector<Line> lines;
  while (rows.next()) {
    lines.push_back({{rows.cells().begin(), rows.cells().end()},
                     name + ", line " + std::to_string(rows.line())});
  }
  return lines;
}

std::optional<float> number_in(std::string_view cell) {
  float value = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) return {};
  return value;
}

/// Where the label stands in rows of one column more than the model's inputs.
std::size_t label_position(const Row& first, bool header, const std::string& label_column,
                           const std::string& name) {
  if (label_column.empty()) {
    constexpr std::array<std::string_view, 5> kNames = {"label", "class", "target", "species", "y"};
    for (std::size_t c = 0; header && c < first.size(); ++c) {
      std::string lower = first[c];
      for (char& x : lower) x = x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x;
      if (std::find(kNames.begin(), kNames.end(), lower) != kNames.end()) return c;
    }
    return !first.empty() && !number_in(first.back()) && number_in(first.front()) ? first.size() - 1
                                                                                  : 0;
  }
  const auto named = std::find(first.begin(), first.end(), label_column);
  if (header && named != first.end()) return static_cast<std::size_t>(named - first.begin());
  std::size_t number = 0;
  std::from_chars(label_column.data(), label_column.data() + label_column.size(), number);
  if (number >= 1 && number <= first.size()) return number - 1;
  throw Error(
      {.what = "there is no column " + label_column,
       .where = name,
       .expected = "a name of the header, or a number from 1 to " + std::to_string(first.size()),
       .next = "see what is in it with `deltarule data info`"});
}

/// A header is a first row with text in more than one cell, or text above a number.
bool has_header(const std::vector<Line>& lines) {
  const Row& first = lines[0].cells;
  std::size_t words = 0, above_numbers = 0;
  for (std::size_t c = 0; c < first.size(); ++c) {
    if (number_in(first[c])) continue;
    ++words;
    if (lines.size() > 1 && c < lines[1].cells.size() && number_in(lines[1].cells[c])) {
      ++above_numbers;
    }
  }
  return words > 1 || above_numbers > 0;
}

/// The row's cells as numbers, without the one at `label`, behind `values`.
void append_features(const Line& line, std::size_t inputs, std::size_t label,
                     std::vector<float>& values) {
  const std::size_t labels = label < line.cells.size() ? 1 : 0;
  if (line.cells.size() != inputs + labels) {
    throw Error({.what = "this row does not fit the model",
                 .where = line.where,
                 .expected = std::to_string(inputs) + " features, with or without a class",
                 .found = std::to_string(line.cells.size()) + " columns"});
  }
  for (std::size_t c = 0; c < line.cells.size(); ++c) {
    if (c == label) continue;
    const std::optional<float> value = number_in(line.cells[c]);
    if (!value) {
      throw Error({.what = "this cell is no finite number",
                   .where = line.where + ", column " + std::to_string(c + 1),
                   .expected = "a number",
                   .found = "\"" + line.cells[c].substr(0, 40) + "\""});
    }
    values.push_back(*value);
  }
}

Dataset make_rows(const std::string& name, std::vector<float> values, const Model& model) {
  Dataset data;
  data.name = name;
  data.features = model.network.spec.inputs;
  data.training_count = values.size() / data.features;
  const bool pixels = std::all_of(values.begin(), values.end(), [](float value) {
    return value >= 0 && value <= 255 && value == std::floor(value);
  });
  if (model.byte_inputs && pixels) {
    data.values = std::vector<std::uint8_t>(values.begin(), values.end());
  } else {
    data.values = std::move(values);
  }
  return data;
}

}  // namespace

Dataset parse_feature_rows(std::string_view text, const std::string& name, const Model& model,
                           const std::string& label_column) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::vector<Line> lines = read_lines(text, name);
  if (lines.empty()) throw Error({.what = "there are no rows to predict from", .where = name});
  const bool header = has_header(lines);
  const Row& first = lines[0].cells;
  const std::size_t inputs = model.network.spec.inputs;
  const bool labelled = first.size() == inputs + 1;
  const std::size_t label =
      labelled ? label_position(first, header, label_column, name) : first.size();
  std::vector<float> values;
  for (std::size_t i = header ? 1 : 0; i < lines.size(); ++i) {
    append_features(lines[i], inputs, label, values);
  }
  return make_rows(name, std::move(values), model);
}

}  // namespace deltarule::app
