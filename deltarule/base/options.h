// Settings, declared once.
//
// A struct of settings has one `OptionSet` that lists its fields: name, type, default, range, help.
// The command line, the TOML file, `--help`, the report and the saved model all read that list, so
// they cannot disagree. An OptionSet is immutable once built; threads may share it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace deltarule {

using OptionValue = std::variant<bool, std::int64_t, double, std::string>;

enum class OptionType { kSwitch, kInteger, kNumber, kText, kChoice };

/// What is said about an option to a person.
struct OptionInfo {
  std::string name;  ///< with underscores, as in TOML; flags write them as hyphens
  OptionType type = OptionType::kText;
  double least = 0, most = 0;        ///< inclusive range of an integer or a number
  std::vector<std::string> choices;  ///< of a choice
  std::string help;                  ///< one sentence, lower case, no full stop

  /// "0 to 1", "mean or sum", "on or off", "text".
  std::string range_text() const;
};

/// As a person would write it: true, 128, 0.001, text.
std::string to_text(const OptionValue& value);

/// The value that `text` stands for, checked against type, range and choices.
/// Throws Error naming `where` (a flag, or file and line).
OptionValue parse_option(const OptionInfo& info, std::string_view text, const std::string& where);

/// `value` converted to the option's own type where that loses nothing (2 for 2.0) and checked as
/// above. Throws Error.
OptionValue check_option(const OptionInfo& info, const OptionValue& value,
                         const std::string& where);

/// The candidate with the least edit distance to `name`, or "" if none is near enough to suggest.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// Throws the Error for a name that is not among `candidates`, suggesting the nearest.
[[noreturn]] void throw_unknown_name(std::string_view name, const std::string& kind,
                                     const std::vector<std::string>& candidates,
                                     const std::string& where);

template <class Struct>
class OptionSet {
 public:
  struct Option {
    OptionInfo info;
    std::function<OptionValue(const Struct&)> get;
    std::function<void(Struct&, const OptionValue&)> assign;  ///< a checked value
  };

  OptionSet& add_switch(std::string name, bool Struct::*field, std::string help) {
    return add(
        {std::move(name), OptionType::kSwitch, 0, 0, {}, std::move(help)},
        [field](const Struct& s) { return OptionValue(s.*field); },
        [field](Struct& s, const OptionValue& v) { s.*field = std::get<bool>(v); });
  }

  template <class Integer>
  OptionSet& add_integer(std::string name, Integer Struct::*field, std::int64_t least,
                         std::int64_t most, std::string help) {
    return add(
        {std::move(name),
         OptionType::kInteger,
         static_cast<double>(least),
         static_cast<double>(most),
         {},
         std::move(help)},
        [field](const Struct& s) { return OptionValue(static_cast<std::int64_t>(s.*field)); },
        [field](Struct& s, const OptionValue& v) {
          s.*field = static_cast<Integer>(std::get<std::int64_t>(v));
        });
  }

  OptionSet& add_number(std::string name, double Struct::*field, double least, double most,
                        std::string help) {
    return add(
        {std::move(name), OptionType::kNumber, least, most, {}, std::move(help)},
        [field](const Struct& s) { return OptionValue(s.*field); },
        [field](Struct& s, const OptionValue& v) { s.*field = std::get<double>(v); });
  }

  OptionSet& add_text(std::string name, std::string Struct::*field, std::string help) {
    return add(
        {std::move(name), OptionType::kText, 0, 0, {}, std::move(help)},
        [field](const Struct& s) { return OptionValue(s.*field); },
        [field](Struct& s, const OptionValue& v) { s.*field = std::get<std::string>(v); });
  }

  /// `choices` name the enumerators 0, 1, 2, … in their order.
  template <class Enum>
  OptionSet& add_choice(std::string name, Enum Struct::*field, std::vector<std::string> choices,
                        std::string help) {
    auto get = [field, choices](const Struct& s) {
      return OptionValue(choices[static_cast<std::size_t>(s.*field)]);
    };
    auto assign = [field, choices](Struct& s, const OptionValue& v) {
      for (std::size_t i = 0; i < choices.size(); ++i) {
        if (choices[i] == std::get<std::string>(v)) s.*field = static_cast<Enum>(i);
      }
    };
    return add({std::move(name), OptionType::kChoice, 0, 0, choices, std::move(help)}, get, assign);
  }

  const std::vector<Option>& options() const { return options_; }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Option& option : options_) result.push_back(option.info.name);
    return result;
  }

  bool contains(std::string_view name) const { return find(name) != nullptr; }

  /// Throws Error for an unknown name or a value out of range.
  void set(Struct& target, std::string_view name, const OptionValue& value,
           const std::string& where) const {
    const Option& option = at(name, where);
    option.assign(target, check_option(option.info, value, where));
  }

  void set_text(Struct& target, std::string_view name, std::string_view text,
                const std::string& where) const {
    const Option& option = at(name, where);
    option.assign(target, parse_option(option.info, text, where));
  }

  OptionValue get(const Struct& source, std::string_view name) const {
    return at(name, std::string(name)).get(source);
  }

 private:
  OptionSet& add(OptionInfo info, std::function<OptionValue(const Struct&)> get,
                 std::function<void(Struct&, const OptionValue&)> assign) {
    options_.push_back({std::move(info), std::move(get), std::move(assign)});
    return *this;
  }

  const Option* find(std::string_view name) const {
    for (const Option& option : options_) {
      if (option.info.name == name) return &option;
    }
    return nullptr;
  }

  const Option& at(std::string_view name, const std::string& where) const {
    const Option* option = find(name);
    if (option == nullptr) throw_unknown_name(name, "option", names(), where);
    return *option;
  }

  std::vector<Option> options_;
};

}  // namespace deltarule
