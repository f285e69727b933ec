#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace deltarule::app {
namespace {

std::string_view environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(environment_variable(name));
    if (value.empty()) continue;
    for (char& c : value) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

constexpr std::array<const char*, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<const char*, 8> kShades = {".", ":", "-", "=", "+", "*", "#", "@"};

}  // namespace

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  const bool plain = !environment_variable("NO_COLOR").empty() ||
                     environment_variable("TERM") == "dumb" || environment_variable("TERM").empty();
  terminal.live = terminal.color = isatty(descriptor) == 1 && !plain;
  terminal.utf8 = locale_is_utf8();
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) terminal.columns = size.ws_col;
  return terminal;
}

std::string sparkline(std::span<const double> values, std::size_t width, bool utf8) {
  values = values.last(std::min(values.size(), width));
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string result;
  for (const double value : values) {
    std::size_t level = kBlocks.size() - 1;
    if (std::isfinite(value)) {
      const double height = high > low ? (value - low) / (high - low) : 0;
      level = static_cast<std::size_t>(std::lround(height * (kBlocks.size() - 1)));
    }
    result += utf8 ? kBlocks[level] : kShades[level];
  }
  return result;
}

}  // namespace deltarule::app
