#include "app/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <memory>
#include <sstream>
#include <vector>

#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/options.h"

namespace deltarule::app {
namespace {

CLI::App& deepest(CLI::App& app) {
  CLI::App* current = &app;
  while (!current->get_subcommands().empty()) current = current->get_subcommands().back();
  return *current;
}

/// "deltarule data show".
std::string full_name(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* parent = app.get_parent(); parent != nullptr;
       parent = parent->get_parent()) {
    name = parent->get_name() + " " + name;
  }
  return name;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> commands_of(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

[[noreturn]] void throw_unexpected(CLI::App& app, const std::string& word) {
  const std::string help = "see `" + full_name(app) + " --help`";
  const bool is_flag = word.size() > 1 && word[0] == '-';
  const std::string name = word.substr(0, word.find('='));
  const std::vector<std::string> candidates = is_flag ? flags_of(app) : commands_of(app);
  const std::string nearest = nearest_name(name, candidates);
  std::string kind = is_flag ? "unknown flag" : "unknown command";
  if (!is_flag && candidates.empty()) kind = "one argument too many:";
  throw Error({kind + " " + name, full_name(app), "", "",
               nearest.empty() ? help : "did you mean " + nearest + "? Otherwise " + help});
}

constexpr std::size_t kNameColumn = 32, kLineColumns = 100;

/// Broken at blanks into lines of at most `columns`.
std::string wrapped(const std::string& text, std::size_t columns) {
  std::string result, line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > columns) {
      result += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return result + line;
}

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kNameColumn); }

  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(CLI::Formatter::make_option_desc(option), kLineColumns - kNameColumn);
  }

  /// Without the parser's own note on what a flag's second name stands for.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    const std::size_t note = name.find("{false}");
    return note == std::string::npos ? name : name.erase(note);
  }
};

}  // namespace

void format_help(CLI::App& app) { app.formatter(std::make_shared<HelpFormatter>()); }

std::string command_line_of(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 ||
             std::string_view("_-+=:,./@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (i > 0) line += ' ';
    if (plain) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

std::string help_of_deepest(CLI::App& app) { return deepest(app).help(); }

void throw_usage_error(CLI::App& app, const CLI::ParseError& mistake) {
  CLI::App& command = deepest(app);
  if (dynamic_cast<const CLI::ExtrasError*>(&mistake) != nullptr) {
    // Words that nothing took. A flag among them says more than the value that followed it.
    CLI::App& owner = command.remaining().empty() ? app : command;
    const std::vector<std::string> words = owner.remaining(&owner == &app);
    const auto flag = std::find_if(words.begin(), words.end(), [](const std::string& word) {
      return word.size() > 1 && word[0] == '-';
    });
    if (!words.empty()) throw_unexpected(owner, flag != words.end() ? *flag : words.front());
  }
  throw Error(
      {mistake.what(), full_name(command), "", "", "see `" + full_name(command) + " --help`"});
}

}  // namespace deltarule::app
