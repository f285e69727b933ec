// What a terminal can show, and small pictures made of text.
#pragma once

#include <span>
#include <string>

namespace deltarule::app {

struct Terminal {
  bool live = false;   ///< may be redrawn: a terminal, and neither NO_COLOR nor TERM=dumb is set
  bool color = false;  ///< as `live`
  bool utf8 = false;   ///< the locale's encoding
  int columns = 80;
};

/// Of a file descriptor: 1 for stdout, 2 for stderr.
Terminal terminal_of(int descriptor);

/// The last `width` values as bars, low to high: "▇▅▃▂▁" or, without UTF-8, "#+=-.".
/// Values that are not finite are drawn as the highest.
std::string sparkline(std::span<const double> values, std::size_t width, bool utf8);

}  // namespace deltarule::app
