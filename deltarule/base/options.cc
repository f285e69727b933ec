#include "deltarule/base/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

constexpr double kLargestExactInteger = 9007199254740992;  // 2^53

/// "a", "a or b", "a, b or c".
std::string join_choices(const std::vector<std::string>& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += choices[i];
  }
  return text;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : "did you mean \"" + nearest + "\"?";
}

[[noreturn]] void throw_bad_value(const OptionInfo& info, const std::string& problem,
                                  const std::string& found, const std::string& where) {
  throw Error({.what = info.name + " " + problem,
               .where = where,
               .expected = info.range_text(),
               .found = found,
               .next = suggestion(found, info.choices)});
}

std::string number_text(double value) {
  // Plain notation where a person would use it; to_chars alone writes 0.0001 as 1e-04.
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-6 && size < 1e15);
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  const std::size_t exponent = text.find('e');
  if (!plain && exponent != std::string::npos && text[exponent + 2] == '0') {
    text.erase(exponent + 2, 1);
  }
  return text;
}

/// An integer is unbounded above where its declaration says so by the largest value of its type.
bool is_bounded(const OptionInfo& info, double limit) {
  constexpr double kAnyInteger = std::numeric_limits<std::int32_t>::max();
  return info.type == OptionType::kInteger ? std::abs(limit) < kAnyInteger
                                           : std::abs(limit) < std::numeric_limits<double>::max();
}

std::string interval_text(const OptionInfo& info) {
  const std::string kind = info.type == OptionType::kInteger ? "a whole number" : "a number";
  const bool from = is_bounded(info, info.least), to = is_bounded(info, info.most);
  if (from && to) return number_text(info.least) + " to " + number_text(info.most);
  if (from) return number_text(info.least) + " or more";
  if (to) return number_text(info.most) + " or less";
  return kind;
}

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size();
}

OptionValue parse_switch(const OptionInfo& info, std::string_view text, const std::string& where) {
  for (const std::string_view yes : {"true", "on", "yes", "1"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "off", "no", "0"}) {
    if (text == no) return false;
  }
  throw_bad_value(info, "is neither on nor off", std::string(text), where);
}

OptionValue parse_integer(const OptionInfo& info, std::string_view text, const std::string& where) {
  std::int64_t integer = 0;
  if (parse_whole(text, integer)) return integer;
  double number = 0;  // 1e3 and 10.0 are whole too, and 1e30 is out of range, not a bad number
  if (parse_whole(text, number)) return number;
  throw_bad_value(info, "is not a whole number", std::string(text), where);
}

OptionValue parse_number(const OptionInfo& info, std::string_view text, const std::string& where) {
  double number = 0;
  if (parse_whole(text, number)) return number;
  throw_bad_value(info, "is not a number", std::string(text), where);
}

void check_range(const OptionInfo& info, double value, const std::string& found,
                 const std::string& where) {
  if (!(value >= info.least && value <= info.most)) {  // NaN is in no range
    throw_bad_value(info, "is out of range", found, where);
  }
}

std::int64_t check_integer(const OptionInfo& info, const OptionValue& value,
                           const std::string& where) {
  const std::string found = to_text(value);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    check_range(info, static_cast<double>(*integer), found, where);
    return *integer;
  }
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) throw_bad_value(info, "is not a whole number", found, where);
  check_range(info, *number, found, where);
  if (*number != std::floor(*number) || std::abs(*number) > kLargestExactInteger) {
    throw_bad_value(info, "is not a whole number", found, where);
  }
  return static_cast<std::int64_t>(*number);
}

double check_number(const OptionInfo& info, const OptionValue& value, const std::string& where) {
  const std::string found = to_text(value);
  double number = 0;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    number = static_cast<double>(*integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    number = *real;
  } else {
    throw_bad_value(info, "is not a number", found, where);
  }
  if (!std::isfinite(number)) throw_bad_value(info, "is not a finite number", found, where);
  check_range(info, number, found, where);
  return number;
}

/// Capitals count as small letters, and a hyphen as an underscore.
char fold(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '-' ? '_' : c;
}

/// Insertions, deletions, substitutions and swaps of neighbors that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = fold(a[i - 1]) == fold(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + !same});
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1])) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string OptionInfo::range_text() const {
  switch (type) {
    case OptionType::kSwitch:
      return "on or off";
    case OptionType::kInteger:
    case OptionType::kNumber:
      return interval_text(*this);
    case OptionType::kChoice:
      return join_choices(choices);
    case OptionType::kText:
      break;
  }
  return "text";
}

std::string to_text(const OptionValue& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  return std::get<std::string>(value);
}

OptionValue parse_option(const OptionInfo& info, std::string_view text, const std::string& where) {
  switch (info.type) {
    case OptionType::kSwitch:
      return parse_switch(info, text, where);
    case OptionType::kInteger:
      return check_option(info, parse_integer(info, text, where), where);
    case OptionType::kNumber:
      return check_option(info, parse_number(info, text, where), where);
    case OptionType::kText:
    case OptionType::kChoice:
      break;
  }
  return check_option(info, std::string(text), where);
}

OptionValue check_option(const OptionInfo& info, const OptionValue& value,
                         const std::string& where) {
  switch (info.type) {
    case OptionType::kSwitch:
      if (!std::holds_alternative<bool>(value)) {
        throw_bad_value(info, "is neither on nor off", to_text(value), where);
      }
      return value;
    case OptionType::kInteger:
      return check_integer(info, value, where);
    case OptionType::kNumber:
      return check_number(info, value, where);
    case OptionType::kText:
    case OptionType::kChoice:
      break;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) throw_bad_value(info, "is not a text", to_text(value), where);
  if (info.type == OptionType::kChoice &&
      std::find(info.choices.begin(), info.choices.end(), *text) == info.choices.end()) {
    throw_bad_value(info, "is none of its choices", *text, where);
  }
  return value;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  // A third of the letters may be wrong, but never all of them.
  const std::size_t most = name.size() < 2 ? 0 : (name.size() + 2) / 3;
  std::string nearest;
  std::size_t least = most + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size());
    if (longer - std::min(name.size(), candidate.size()) >= least) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

void throw_unknown_name(std::string_view name, const std::string& kind,
                        const std::vector<std::string>& candidates, const std::string& where) {
  throw Error({.what = "there is no " + kind + " \"" + std::string(name) + "\"",
               .where = where,
               .expected = join_choices(candidates),
               .found = std::string(name),
               .next = suggestion(name, candidates)});
}

}  // namespace deltarule
