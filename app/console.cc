#include "app/console.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/text.h"

namespace deltarule::app {
namespace {

/// The first `columns` code points: a longer line would wrap, and the block could not be redrawn.
std::string cut_to(const std::string& line, int columns) {
  std::size_t end = 0;
  for (int column = 0; end < line.size() && column < columns; ++column) {
    do {
      ++end;
    } while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80);
  }
  return line.substr(0, end);
}

}  // namespace

Console::Console(bool quiet) : quiet_(quiet), terminal_(terminal_of(2)) {}

void Console::say(std::string_view text) {
  if (quiet_) return;
  clear();
  std::string line(text);
  if (line.empty() || line.back() != '\n') line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Console::show(const std::vector<std::string>& lines) {
  if (!live()) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ > 0 && now - last_shown_ < std::chrono::milliseconds(100)) return;
  last_shown_ = now;
  clear();
  std::string block;
  for (const std::string& line : lines) block += cut_to(line, terminal_.columns - 1) + "\n";
  std::fwrite(block.data(), 1, block.size(), stderr);
  shown_ = lines.size();
}

void Console::clear() {
  if (shown_ == 0) return;
  std::fprintf(stderr, "\x1b[%zuA\r\x1b[J", shown_);
  shown_ = 0;
}

void write_results(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    // A reader that has seen enough, as `head` does, is not worth a word.
    if (errno == EPIPE) throw WriteFailure("");
    throw WriteFailure(std::string("the results could not be written to standard output: ") +
                       std::strerror(errno));
  }
}

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void write_json(const nlohmann::ordered_json& value) { write_results(json_text(value)); }

}  // namespace deltarule::app
