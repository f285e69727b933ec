#include "app/pictures.h"

#include <algorithm>

#include "app/text.h"
#include "deltarule/data/image.h"

namespace deltarule::app {
namespace {

/// Two pixels of one column, the upper and the lower; below the last row lies background.
struct PixelPair {
  int upper, lower;
};

PixelPair pair_at(const Dataset& data, std::uint32_t row, std::size_t line, std::size_t column) {
  const auto pixels = data.bytes(row);
  const std::size_t upper = 2 * line * data.image.width + column;
  const std::size_t lower = upper + data.image.width;
  return {pixels[upper], lower < data.image.pixels() ? pixels[lower] : 0};
}

/// The nearest of the 24 grays of the 256-color palette, black and white at its ends.
int gray_color(int value) {
  if (value < 4) return 16;
  if (value > 246) return 231;
  return 232 + std::clamp((value - 3) / 10, 0, 23);
}

std::string line_in_color(const Dataset& data, std::uint32_t row, std::size_t line) {
  std::string text;
  for (std::size_t column = 0; column < data.image.width; ++column) {
    const PixelPair pair = pair_at(data, row, line, column);
    text +=
        formatted("\x1b[38;5;%dm\x1b[48;5;%dm▀", gray_color(pair.upper), gray_color(pair.lower));
  }
  return text + "\x1b[0m";
}

std::string line_in_shades(const Dataset& data, std::uint32_t row, std::size_t line) {
  constexpr std::string_view kShades = " .:-=+*#%@";
  std::string text;
  for (std::size_t column = 0; column < data.image.width; ++column) {
    const PixelPair pair = pair_at(data, row, line, column);
    text += kShades[static_cast<std::size_t>((pair.upper + pair.lower) * 9 / 510)];
  }
  return text;
}

std::string caption(const Dataset& data, std::uint32_t row) {
  std::string text = "#" + std::to_string(row) + " " + data.classes[data.labels[row]];
  const std::size_t width = data.image.width;
  if (display_width(text) > width) text = data.classes[data.labels[row]].substr(0, width);
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

}  // namespace

std::string draw_examples(const Dataset& data, std::span<const std::uint32_t> rows,
                          const Terminal& terminal) {
  const std::size_t gap = 2;
  const std::size_t fit = static_cast<std::size_t>(terminal.columns) / (data.image.width + gap);
  const std::size_t abreast = std::max<std::size_t>(fit, 1);
  const bool in_color = terminal.color && terminal.utf8;
  std::string text;
  for (std::size_t first = 0; first < rows.size(); first += abreast) {
    const auto group = rows.subspan(first, std::min(abreast, rows.size() - first));
    for (const std::uint32_t row : group) text += caption(data, row) + std::string(gap, ' ');
    text += '\n';
    for (std::size_t line = 0; line < (data.image.height + 1) / 2; ++line) {
      for (const std::uint32_t row : group) {
        text += in_color ? line_in_color(data, row, line) : line_in_shades(data, row, line);
        text += std::string(gap, ' ');
      }
      text += '\n';
    }
  }
  return text;
}

std::string contact_sheet(const Dataset& data, std::span<const std::uint32_t> rows) {
  constexpr std::size_t kAcross = 10, kGap = 2;
  constexpr std::uint8_t kPaper = 64;
  const std::size_t across = std::min(kAcross, rows.size());
  const std::size_t down = (rows.size() + across - 1) / across;
  const ImageShape sheet{down * (data.image.height + kGap) + kGap,
                         across * (data.image.width + kGap) + kGap};
  std::vector<std::uint8_t> pixels(sheet.pixels(), kPaper);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto picture = data.bytes(rows[i]);
    const std::size_t top = i / across * (data.image.height + kGap) + kGap;
    const std::size_t left = i % across * (data.image.width + kGap) + kGap;
    for (std::size_t y = 0; y < data.image.height; ++y) {
      std::copy_n(picture.begin() + static_cast<std::ptrdiff_t>(y * data.image.width),
                  data.image.width,
                  pixels.begin() + static_cast<std::ptrdiff_t>((top + y) * sheet.width + left));
    }
  }
  return encode_png(sheet, pixels);
}

}  // namespace deltarule::app
