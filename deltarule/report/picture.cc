#include "deltarule/report/picture.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "deltarule/data/image.h"

namespace deltarule {
namespace {

constexpr int kSteps = 12;  // on either side of zero; finer ones cost bytes and show nothing

struct Color {
  double red, green, blue;
};
struct Palette {
  const char* name;
  Color low, zero, high, gap;
};
constexpr Palette kLight = {
    "diverging-light", {.07, .33, .60}, {.97, .97, .96}, {.73, .31, .02}, {.80, .79, .77}};
constexpr Palette kDark = {
    "diverging-dark", {.45, .75, 1}, {.10, .11, .12}, {1, .62, .28}, {.30, .31, .33}};

/// A few strong weights would leave the rest pale: the limit is met by 99.5 of 100 weights.
double color_limit(const Layer<float>& layer, std::size_t units) {
  std::vector<float> sizes;
  sizes.reserve(layer.weights.rows() * units);
  for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
    for (std::size_t unit = 0; unit < units; ++unit) {
      const float size = std::abs(layer.weights(i, unit));
      if (std::isfinite(size)) sizes.push_back(size);
    }
  }
  if (sizes.empty()) return 0;
  const std::size_t rank = std::min(sizes.size() - 1, sizes.size() * 995 / 1000);
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(rank), sizes.end());
  return sizes[rank];
}

std::uint8_t level_of(double share) {
  const double step = std::round(std::clamp(share, -1.0, 1.0) * kSteps) / kSteps;
  return static_cast<std::uint8_t>(std::lround(kZeroLevel * (1 + step)));
}

/// A table of 18 equal parts of 0 … 255: its first 17 entries are the levels 0 … 2 kZeroLevel, the
/// last one is kGapLevel.
std::string channel_table(const Palette& palette, double Color::*channel) {
  constexpr int kHalf = 8;
  std::string values;
  for (int i = -kHalf; i <= kHalf; ++i) {
    const double share = std::abs(i) / static_cast<double>(kHalf);
    const Color& end = i < 0 ? palette.low : palette.high;
    const double value = palette.zero.*channel * (1 - share) + end.*channel * share;
    values += std::to_string(value).substr(0, 5) + " ";
  }
  return values + std::to_string(palette.gap.*channel).substr(0, 5);
}

Html diverging_filter(const Palette& palette) {
  Html functions;
  const auto add = [&](const char* name, double Color::*channel) {
    functions +=
        tag(name, {{"type", "table"}, {"tableValues", channel_table(palette, channel)}}, {});
  };
  add("feFuncR", &Color::red);
  add("feFuncG", &Color::green);
  add("feFuncB", &Color::blue);
  return tag("filter", {{"id", palette.name}, {"color-interpolation-filters", "sRGB"}},
             tag("feComponentTransfer", functions));
}

}  // namespace

WeightsPicture weights_picture(const Layer<float>& layer, ImageShape shape,
                               std::size_t most_units) {
  assert(layer.weights.rows() == shape.pixels());
  WeightsPicture picture;
  picture.units = std::min(layer.weights.columns(), most_units);
  picture.limit = color_limit(layer, picture.units);
  const std::size_t across = picture.units <= 10 ? picture.units : 16;
  const std::size_t down = (picture.units + across - 1) / across;
  const ImageShape whole = {down * (shape.height + 1) + 1, across * (shape.width + 1) + 1};
  picture.shape = whole;
  picture.levels.assign(whole.pixels(), kGapLevel);
  for (std::size_t unit = 0; unit < picture.units; ++unit) {
    const std::size_t top = unit / across * (shape.height + 1) + 1;
    const std::size_t left = unit % across * (shape.width + 1) + 1;
    for (std::size_t i = 0; i < shape.pixels(); ++i) {
      const double weight = layer.weights(i, unit);
      const std::size_t y = top + i / shape.width, x = left + i % shape.width;
      picture.levels[y * whole.width + x] =
          level_of(picture.limit > 0 && std::isfinite(weight) ? weight / picture.limit : 0);
    }
  }
  return picture;
}

Html diverging_filters() {
  return tag("svg",
             {{"width", "0"}, {"height", "0"}, {"aria-hidden", "true"}, {"class", "filters"}},
             diverging_filter(kLight) + diverging_filter(kDark));
}

Html embedded_png(std::string_view png, const std::string& style, const std::string& alt) {
  return void_tag(
      "img", {{"class", style}, {"alt", alt}, {"src", "data:image/png;base64," + base64(png)}});
}

Html example_picture(const Dataset& data, std::size_t row, const std::string& alt) {
  std::vector<std::uint8_t> pixels(data.image.pixels());
  if (data.is_bytes()) {
    const auto bytes = data.bytes(row);
    std::copy(bytes.begin(), bytes.end(), pixels.begin());
  } else {
    const auto values = data.floats(row);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const float range = *high > *low ? *high - *low : 1;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = static_cast<std::uint8_t>(std::lround(255 * (values[i] - *low) / range));
    }
  }
  return embedded_png(encode_png(data.image, pixels), "example", alt);
}

}  // namespace deltarule
