// Pictures that stand inside the page: examples, and weights on a scale with zero in the middle.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/network/network.h"
#include "deltarule/report/markup.h"

namespace deltarule {

/// A grey picture of one example; the style turns it to dark ink on a light page.
Html example_picture(const Dataset& data, std::size_t row, const std::string& alt);

/// What each unit of a first layer looks at, as one grey picture of small pictures: 0 for the
/// strongest weight below zero, kZeroLevel for none, twice that for the strongest above, kGapLevel
/// between the units. The page colors it (`diverging_filters`): noise in three channels does not
/// compress, and light and dark pages want different colors.
struct WeightsPicture {
  ImageShape shape;
  std::vector<std::uint8_t> levels;
  std::size_t units = 0;  ///< shown; at most `most_units`
  double limit = 0;       ///< |weight| of the strongest level; greater ones are cut off
};
inline constexpr std::uint8_t kZeroLevel = 120, kGapLevel = 255;

/// Requires layer.weights of as many rows as `shape` has pixels.
WeightsPicture weights_picture(const Layer<float>& layer, ImageShape shape,
                               std::size_t most_units = 128);

/// The SVG filters "diverging-light" and "diverging-dark": blue below zero, the page's own tone at
/// zero, orange above.
Html diverging_filters();

/// An <img> of a PNG file's bytes.
Html embedded_png(std::string_view png, const std::string& style, const std::string& alt);

}  // namespace deltarule
