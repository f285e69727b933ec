// Pictures from PNG files, and how a drawing of a digit becomes what MNIST has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "deltarule/data/dataset.h"

namespace deltarule {

/// Grey, row-major, 0 = black, 255 = white.
struct Image {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
};

/// Grey, RGB, RGBA, palette, 1 to 16 bits; color becomes luminance (Rec. 601), transparency white.
/// Throws Error for anything that is no PNG, damaged, or over 64 million pixels.
Image decode_png(std::string_view bytes, const std::string& name);

/// A PNG of grey pixels, or of RGB triples if pixels.size() == 3 · shape.pixels().
std::string encode_png(ImageShape shape, const std::vector<std::uint8_t>& pixels);

/// As MNIST was made: turned over if dark on light (the border says so), cropped to the ink,
/// scaled to fit 20×20 with its proportions, anti-aliased, and centred by mass in `shape` (28×28).
/// A picture without ink becomes all zeros.
Image prepare_digit(const Image& image, ImageShape shape);

}  // namespace deltarule
