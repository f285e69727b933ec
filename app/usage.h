// Wrong usage, explained.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace deltarule::app {

/// The command as typed, quoted where a shell needs it.
std::string command_line_of(int argc, const char* const* argv);

/// Lines of the help end before column 100, and every subcommand has the same look.
void format_help(CLI::App& app);

/// The help of the innermost subcommand that was named.
std::string help_of_deepest(CLI::App& app);

/// Turns what the parser found into an Error that names the nearest right flag or command.
[[noreturn]] void throw_usage_error(CLI::App& app, const CLI::ParseError& mistake);

}  // namespace deltarule::app
