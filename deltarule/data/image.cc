#include "deltarule/data/image.h"

#include <png.h>

#include <algorithm>
#include <cassert>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

constexpr std::size_t kMostPixels = 64'000'000;

[[noreturn]] void throw_bad_png(const std::string& name, const std::string& found) {
  throw Error({.what = "the picture cannot be read",
               .where = name,
               .expected = "a whole PNG file",
               .found = found});
}

/// libpng's simplified interface, which returns instead of jumping when a file is bad.
class PngReader {
 public:
  PngReader(std::string_view bytes, const std::string& name) : name_(name) {
    image_.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()) == 0) {
      throw_bad_png(name_, image_.message);
    }
  }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  ImageShape shape() const { return {image_.height, image_.width}; }

  /// Four bytes per pixel: red, green, blue, opacity.
  std::vector<std::uint8_t> read() {
    image_.format = PNG_FORMAT_RGBA;
    image_.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // or 16-bit grey would be taken as linear light
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image_));
    if (png_image_finish_read(&image_, nullptr, pixels.data(), 0, nullptr) == 0) {
      throw_bad_png(name_, image_.message);
    }
    return pixels;
  }

 private:
  png_image image_{};
  const std::string& name_;
};

void check_png_size(ImageShape shape, std::size_t file_bytes, const std::string& name) {
  // At one bit per pixel, packed as tightly as deflate can: a header cannot truthfully claim more.
  constexpr std::size_t kMostPixelsPerByte = 8 * 1032;
  const std::size_t most = std::min(kMostPixels, kMostPixelsPerByte * file_bytes);
  if (shape.pixels() <= most) return;
  throw Error({.what = "the picture is too large",
               .where = name,
               .expected = most == kMostPixels
                               ? "at most 64 million pixels"
                               : "no more pixels than " + std::to_string(file_bytes) +
                                     " bytes of PNG can hold",
               .found = std::to_string(shape.width) + " by " + std::to_string(shape.height)});
}

/// The signature first and the end chunk somewhere: libpng itself reads no further than the pixels.
void check_png_ends(std::string_view bytes, const std::string& name) {
  constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);
  constexpr std::string_view kEnd("\0\0\0\0IEND\xae\x42\x60\x82", 12);
  if (!bytes.starts_with(kSignature)) throw_bad_png(name, "a file that is no PNG");
  if (bytes.find(kEnd) == std::string_view::npos) throw_bad_png(name, "a file that is cut short");
}

/// Luminance as Rec. 601 has it, on white where the picture is transparent.
std::uint8_t to_grey(const std::uint8_t* rgba) {
  const unsigned luminance = (299U * rgba[0] + 587U * rgba[1] + 114U * rgba[2] + 500) / 1000;
  const unsigned opacity = rgba[3];
  return static_cast<std::uint8_t>((luminance * opacity + 255 * (255 - opacity) + 127) / 255);
}

}  // namespace

Image decode_png(std::string_view bytes, const std::string& name) {
  check_png_ends(bytes, name);
  PngReader reader(bytes, name);
  Image image{reader.shape(), {}};
  check_png_size(image.shape, bytes.size(), name);
  const std::vector<std::uint8_t> rgba = reader.read();
  image.pixels.resize(image.shape.pixels());
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = to_grey(&rgba[4 * i]);
  return image;
}

std::string encode_png(ImageShape shape, const std::vector<std::uint8_t>& pixels) {
  assert(pixels.size() == shape.pixels() || pixels.size() == 3 * shape.pixels());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = static_cast<png_uint_32>(shape.height);
  image.width = static_cast<png_uint_32>(shape.width);
  image.format = pixels.size() == shape.pixels() ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0) {
    throw Error({.what = "the picture cannot be written as PNG", .found = image.message});
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace deltarule
