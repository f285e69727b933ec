#include "deltarule/data/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>

#include "deltarule/base/testing.h"

namespace deltarule {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::string big_endian(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(data.size()) + body + big_endian(sum);
}

enum Color : char { kGrey = 0, kRgb = 2, kPalette = 3, kGreyAlpha = 4, kRgba = 6 };

/// A PNG file by the book: `rows` are the packed samples of each row. `extra` goes before them.
std::string png(ImageShape shape, int depth, Color color, const std::vector<std::string>& rows,
                const std::string& extra = "") {
  std::string raw;
  for (const std::string& row : rows) raw += '\0' + row;
  std::string packed(compressBound(raw.size()), '\0');
  uLongf size = packed.size();
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                     reinterpret_cast<const Bytef*>(raw.data()), raw.size()),
            Z_OK);
  packed.resize(size);
  const std::string header = big_endian(shape.width) + big_endian(shape.height) +
                             static_cast<char>(depth) + static_cast<char>(color) +
                             std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + extra + chunk("IDAT", packed) +
         chunk("IEND", "");
}

std::vector<std::uint8_t> grey_of(const std::string& bytes) {
  return decode_png(bytes, "x").pixels;
}

TEST(Png, IsReadBackAsItWasWritten) {
  std::vector<std::uint8_t> pixels(7 * 5);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(7 * i);
  const Image image = decode_png(encode_png({7, 5}, pixels), "x");
  EXPECT_EQ(image.shape, (ImageShape{7, 5}));
  EXPECT_EQ(image.pixels, pixels);
}

TEST(Png, OfColorIsWrittenToo) {
  EXPECT_THAT(grey_of(encode_png({1, 2}, {255, 0, 0, 9, 9, 9})), ElementsAre(76, 9));
}

TEST(Png, MayHaveAnyColorTypeAndDepth) {
  const std::string row("\x00\x80\xff", 3);
  EXPECT_THAT(grey_of(png({1, 3}, 8, kGrey, {row})), ElementsAre(0, 128, 255));
  EXPECT_THAT(grey_of(png({1, 1}, 8, kRgb, {row})), ElementsAre(104));
  EXPECT_THAT(grey_of(png({2, 3}, 1, kGrey, {"\xA0", "\x40"})),
              ElementsAre(255, 0, 255, 0, 255, 0));
  EXPECT_THAT(grey_of(png({1, 4}, 2, kGrey, {"\x1B"})), ElementsAre(0, 85, 170, 255));
  EXPECT_THAT(grey_of(png({1, 2}, 4, kGrey, {"\x0F"})), ElementsAre(0, 255));
  const std::string deep("\x00\x00\x80\x80\xff\xff", 6);
  EXPECT_THAT(grey_of(png({1, 3}, 16, kGrey, {deep})), ElementsAre(0, 128, 255));
  const std::string colors = chunk("PLTE", std::string("\0\0\0\xff\xff\xff\x0a\x0a\x0a", 9));
  EXPECT_THAT(grey_of(png({1, 3}, 8, kPalette, {std::string("\x02\x01\x00", 3)}, colors)),
              ElementsAre(10, 255, 0));
}

TEST(Png, IsWhiteWhereItIsTransparent) {
  const std::string two("\x00\x00\x00\x00\x00\x00\x00\xff", 8);
  EXPECT_THAT(grey_of(png({1, 2}, 8, kRgba, {two})), ElementsAre(255, 0));
  EXPECT_THAT(grey_of(png({1, 2}, 8, kGreyAlpha, {std::string("\x64\x00\x64\xff", 4)})),
              ElementsAre(255, 100));
}

TEST(Png, CutAnywhereIsRefused) {
  const std::string bytes = encode_png({8, 8}, std::vector<std::uint8_t>(64, 100));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(refusal_of([&] { decode_png(bytes.substr(0, size), "x"); }).what,
              "the picture cannot be read");
  }
}

TEST(Png, DamagedAnywhereIsReadOrRefusedButNeverCrashes) {
  const std::string bytes = encode_png({8, 8}, std::vector<std::uint8_t>(64, 100));
  int refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 128}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      try {
        decode_png(damaged, "x");
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(Png, IsRefusedIfItIsSomethingElse) {
  EXPECT_EQ(refusal_of([] { decode_png("GIF89a", "x.gif"); }).where, "x.gif");
  EXPECT_EQ(refusal_of([] { decode_png("", "x"); }).found, "a file that is no PNG");
}

TEST(Png, IsRefusedIfItsHeaderClaimsMoreThanItHolds) {
  EXPECT_EQ(refusal_of([] {
              decode_png(png({8000, 9000}, 8, kGrey, {"x"}), "x");
            }).what,
            "the picture is too large");
  EXPECT_THAT(refusal_of([] {
                decode_png(png({3000, 3000}, 1, kGrey, {"x"}), "x");
              }).expected,
              HasSubstr("can hold"));
}

TEST(Png, IsNamedInErrors) {
  EXPECT_THAT(decode_png(encode_png({1, 1}, {3}), "good.png").pixels, ElementsAre(3));
  EXPECT_EQ(refusal_of([&] { decode_png("\x89PNG", "bad.png"); }).where, "bad.png");
}

// ---- prepare_digit

/// A drawing in pen strokes: a "7" whose box is `box` pixels high, from (top, left).
struct Drawing {
  ImageShape shape;
  std::size_t top, left, box;
  std::uint8_t paper, ink;
};

Image draw(const Drawing& d) {
  Image image{d.shape, std::vector<std::uint8_t>(d.shape.pixels(), d.paper)};
  const std::size_t thick = std::max<std::size_t>(d.box / 10, 1), width = d.box * 6 / 10;
  for (std::size_t y = 0; y < d.box; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const bool bar = y < thick;
      const std::size_t slope = width - 1 - y * (width - thick) / d.box;
      const bool stem = x <= slope && x + thick > slope;
      if (bar || stem) image.pixels[(d.top + y) * d.shape.width + d.left + x] = d.ink;
    }
  }
  return image;
}

/// A little generator, so that noise is the same everywhere.
void add_noise(Image& image, int amplitude) {
  std::uint32_t state = 1;
  for (std::uint8_t& pixel : image.pixels) {
    state = state * 1664525U + 1013904223U;
    const int noise = static_cast<int>(state >> 16) % (2 * amplitude + 1) - amplitude;
    pixel = static_cast<std::uint8_t>(std::clamp(pixel + noise, 0, 255));
  }
}

constexpr ImageShape kDigit{28, 28};

struct Extent {
  std::size_t height, width;
  double center_y, center_x;
};

Extent extent_of(const Image& image) {
  std::size_t top = 99, left = 99, bottom = 0, right = 0;
  double mass = 0, y_moment = 0, x_moment = 0;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const std::size_t y = i / image.shape.width, x = i % image.shape.width;
    mass += image.pixels[i];
    y_moment += static_cast<double>(y) * image.pixels[i];
    x_moment += static_cast<double>(x) * image.pixels[i];
    if (image.pixels[i] < 64) continue;
    top = std::min(top, y), bottom = std::max(bottom, y);
    left = std::min(left, x), right = std::max(right, x);
  }
  return {bottom + 1 - top, right + 1 - left, y_moment / mass, x_moment / mass};
}

/// Relative to the ink of `a`, with `b` moved by up to one pixel: the mass may round either way.
double difference(const Image& a, const Image& b) {
  const int height = static_cast<int>(a.shape.height), width = static_cast<int>(a.shape.width);
  const auto at = [&](const Image& image, int y, int x) {
    const bool inside = y >= 0 && x >= 0 && y < height && x < width;
    return inside ? int{image.pixels[static_cast<std::size_t>(y * width + x)]} : 0;
  };
  double least = 1e9;
  for (int shift = 0; shift < 9; ++shift) {
    double sum = 0, mass = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        sum += std::abs(at(a, y, x) - at(b, y + shift / 3 - 1, x + shift % 3 - 1));
        mass += at(a, y, x);
      }
    }
    least = std::min(least, sum / mass);
  }
  return least;
}

TEST(PrepareDigit, FitsAnyDrawingInto20PixelsCenteredByMass) {
  for (const Drawing& drawing :
       {Drawing{{280, 280}, 40, 60, 200, 255, 0}, Drawing{{600, 1000}, 100, 700, 300, 250, 30},
        Drawing{{1000, 600}, 10, 10, 900, 200, 90}, Drawing{{28, 28}, 2, 9, 20, 0, 255},
        Drawing{{16, 12}, 1, 1, 12, 255, 0}, Drawing{{3000, 3000}, 2000, 1000, 500, 255, 0}}) {
    const Image digit = prepare_digit(draw(drawing), kDigit);
    ASSERT_EQ(digit.shape, kDigit);
    const Extent extent = extent_of(digit);
    EXPECT_NEAR(static_cast<double>(extent.height), 20, 1);
    EXPECT_NEAR(static_cast<double>(extent.width), 12, 1);
    EXPECT_NEAR(extent.center_y, 14, 0.51);
    EXPECT_NEAR(extent.center_x, 14, 0.51);
    EXPECT_EQ(*std::max_element(digit.pixels.begin(), digit.pixels.end()), 255);
    EXPECT_EQ(digit.pixels[0], 0);
  }
}

TEST(PrepareDigit, DoesNotDependOnWhichOfInkAndPaperIsDark) {
  const Image dark = prepare_digit(draw({{280, 280}, 40, 60, 200, 255, 0}), kDigit);
  const Image light = prepare_digit(draw({{280, 280}, 40, 60, 200, 0, 255}), kDigit);
  EXPECT_EQ(dark.pixels, light.pixels);
  // On grey paper the middle grey does not decide: these are both dark on light.
  const Image dim = prepare_digit(draw({{280, 280}, 40, 60, 200, 100, 10}), kDigit);
  EXPECT_LT(difference(dark, dim), 0.02);
}

TEST(PrepareDigit, IsNotDefeatedByLightNoise) {
  for (const Drawing& drawing :
       {Drawing{{280, 280}, 40, 60, 200, 230, 20}, Drawing{{600, 1000}, 100, 700, 300, 255, 60}}) {
    const Image clean = draw(drawing);
    Image noisy = clean;
    add_noise(noisy, 20);
    EXPECT_LT(difference(prepare_digit(clean, kDigit), prepare_digit(noisy, kDigit)), 0.15);
  }
}

TEST(PrepareDigit, LeavesWhatIsAlreadyAsMnistHasIt) {
  const Image once = prepare_digit(draw({{280, 280}, 40, 60, 200, 255, 0}), kDigit);
  EXPECT_LT(difference(once, prepare_digit(once, kDigit)), 0.01);
}

TEST(PrepareDigit, OfNoInkIsAllZeros) {
  for (const std::uint8_t paper : {0, 128, 255}) {
    Image image{{100, 80}, std::vector<std::uint8_t>(8000, paper)};
    EXPECT_THAT(prepare_digit(image, kDigit).pixels, Each(0));
    add_noise(image, 10);
    EXPECT_THAT(prepare_digit(image, kDigit).pixels, Each(0));
  }
  EXPECT_THAT(prepare_digit({}, kDigit).pixels, Each(0));
}

TEST(PrepareDigit, TakesExtremeProportionsAndOtherShapes) {
  Image line{{500, 3}, std::vector<std::uint8_t>(1500, 255)};
  for (std::size_t y = 100; y < 400; ++y) line.pixels[3 * y + 1] = 0;
  EXPECT_EQ(extent_of(prepare_digit(line, kDigit)).height, 20u);
  EXPECT_EQ(prepare_digit(line, {8, 8}).pixels.size(), 64u);
  EXPECT_EQ(prepare_digit(line, {1, 1}).pixels.size(), 1u);
  EXPECT_EQ(prepare_digit({{1, 1}, {9}}, kDigit).pixels.size(), 784u);
}

}  // namespace
}  // namespace deltarule
