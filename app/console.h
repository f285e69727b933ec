// What the program says while it works (stderr), and what it found (stdout).
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/terminal.h"

namespace deltarule::app {

/// Messages and progress. On a terminal a block of lines is redrawn in place; elsewhere only lines
/// that stay are printed. One thread at a time.
class Console {
 public:
  explicit Console(bool quiet);
  ~Console() { clear(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  const Terminal& terminal() const { return terminal_; }
  bool live() const { return terminal_.live && !quiet_; }

  /// A line (or several) that stays.
  void say(std::string_view text);

  /// Redraws the block, at most ten times a second; nothing off a terminal.
  void show(const std::vector<std::string>& lines);

  /// Removes the block.
  void clear();

 private:
  bool quiet_;
  Terminal terminal_;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point last_shown_{};
};

/// Results could not be written: stdout is closed or its disk is full.
struct WriteFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// To stdout, at once. Throws WriteFailure.
void write_results(std::string_view text);

/// JSON with two blanks of indentation and a newline. What is not UTF-8 is replaced.
std::string json_text(const nlohmann::ordered_json& value);

/// json_text to stdout.
void write_json(const nlohmann::ordered_json& value);

}  // namespace deltarule::app
