#include "deltarule/data/csv_rows.h"

#include <csv.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view first_line(std::string_view text) {
  return {text.begin(), std::find_if(text.begin(), text.end(), is_line_end)};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Outside quotes; a run of blanks counts once.
std::size_t count_separators(std::string_view line, char separator) {
  if (separator == ' ') line = trimmed(line);
  std::size_t count = 0;
  bool quoted = false, in_run = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    const bool here = !quoted && (c == separator || (separator == ' ' && c == '\t'));
    if (here && !(separator == ' ' && in_run)) ++count;
    in_run = here;
  }
  return count;
}

std::vector<std::string_view> first_lines(std::string_view text, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    const std::string_view line = first_line(text);
    if (!trimmed(line).empty()) lines.push_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

/// Runs of blanks outside quotes as one blank; none at the ends of lines.
std::string squeeze_blanks(std::string_view text) {
  std::string result;
  bool quoted = false, pending = false;
  for (const char c : text) {
    if (!quoted && is_blank(c)) {
      pending = true;
      continue;
    }
    const bool at_line_start = result.empty() || is_line_end(result.back());
    if (pending && !is_line_end(c) && !at_line_start) result += ' ';
    pending = false;
    if (c == '"') quoted = !quoted;
    result += c;
  }
  return result;
}

}  // namespace

char find_separator(std::string_view text) {
  constexpr std::size_t kLines = 5;
  const std::vector<std::string_view> lines = first_lines(text, kLines);
  if (lines.empty()) return ',';
  char most_frequent = ',';
  std::size_t most = count_separators(lines[0], most_frequent);
  for (const char separator : {'\t', ';', ',', ' '}) {
    const std::size_t count = count_separators(lines[0], separator);
    const bool equal = std::all_of(lines.begin(), lines.end(), [&](std::string_view line) {
      return count_separators(line, separator) == count;
    });
    if (count > 0 && equal) return separator;
    if (count > most) {
      most = count;
      most_frequent = separator;
    }
  }
  return most_frequent;
}

/// libcsv is fed one line at a time, so that it completes at most one row and the line is known.
struct CsvRows::State {
  std::string name;
  std::string squeezed;
  std::string_view rest;
  csv_parser parser{};
  std::string bytes;  ///< the cells of this row, one behind the other
  std::vector<std::size_t> ends;
  std::vector<std::string_view> cells;
  std::size_t next_line = 1, row_line = 1;
  bool complete = false;

  // Called from C, which no exception may cross.
  static void add_cell(void* data, std::size_t size, void* state) noexcept {
    State& self = *static_cast<State*>(state);
    self.bytes.append(static_cast<const char*>(data), size);
    self.ends.push_back(self.bytes.size());
  }
  static void end_row(int, void* state) noexcept { static_cast<State*>(state)->complete = true; }

  std::string_view take_line() {
    std::size_t size = first_line(rest).size();
    const std::string_view end = rest.substr(size, 2);
    size += end == "\r\n" ? 2 : std::min<std::size_t>(end.size(), 1);
    ++next_line;
    return {std::exchange(rest, rest.substr(size)).data(), size};
  }

  void make_cells() {
    cells.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      cells.push_back(std::string_view(bytes).substr(begin, end - begin));
      begin = end;
    }
  }

  [[noreturn]] void throw_bad_quote(const std::string& what) const {
    throw Error({.what = what,
                 .where = name + ", line " + std::to_string(row_line),
                 .expected = "quotes around a whole cell, and doubled inside one"});
  }
};

CsvRows::CsvRows(std::string_view text, char separator, std::string name)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->rest = text;
  if (separator == ' ') state_->rest = state_->squeezed = squeeze_blanks(text);
  if (csv_init(&state_->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  csv_set_delim(&state_->parser, static_cast<unsigned char>(separator));
}

CsvRows::~CsvRows() { csv_free(&state_->parser); }

bool CsvRows::next() {
  State& state = *state_;
  state.bytes.clear();
  state.ends.clear();
  state.complete = false;
  bool begun = false;
  while (!state.complete && !state.rest.empty()) {
    if (!begun) state.row_line = state.next_line;
    const std::string_view line = state.take_line();
    const std::size_t parsed =
        csv_parse(&state.parser, line.data(), line.size(), State::add_cell, State::end_row, &state);
    if (parsed != line.size()) state.throw_bad_quote("a quote is out of place");
    begun = begun || !trimmed(line.substr(0, first_line(line).size())).empty();
  }
  if (!state.complete && csv_fini(&state.parser, State::add_cell, State::end_row, &state) != 0) {
    state.throw_bad_quote("a quote is never closed");
  }
  state.make_cells();
  return state.complete;
}

std::size_t CsvRows::line() const { return state_->row_line; }

std::span<const std::string_view> CsvRows::cells() const { return state_->cells; }

}  // namespace deltarule
