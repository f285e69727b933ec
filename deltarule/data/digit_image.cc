// prepare_digit of image.h: how a drawing becomes what MNIST has.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "deltarule/data/image.h"

namespace deltarule {
namespace {

/// Of grey levels or of ink, row-major.
struct Field {
  std::size_t height = 0, width = 0;
  std::vector<float> values;
  float at(std::size_t y, std::size_t x) const { return values[y * width + x]; }
};

struct Box {
  std::size_t top = 0, left = 0, height = 0, width = 0;
};

/// What is paper and what is ink.
struct Tone {
  float paper = 0;     ///< the grey of the border
  float noise = 0;     ///< how far the border strays from it
  float contrast = 0;  ///< of ink over paper, positive
  float sign = 1;      ///< of ink minus paper
};

/// Averages of whole blocks, so that the longer side is at most `most` or so: noise and specks
/// fade, strokes stay.
Field reduce(const Image& image, std::size_t block) {
  Field field{
      (image.shape.height + block - 1) / block, (image.shape.width + block - 1) / block, {}};
  field.values.resize(field.height * field.width);
  std::vector<float> counts(field.values.size());
  for (std::size_t y = 0; y < image.shape.height; ++y) {
    for (std::size_t x = 0; x < image.shape.width; ++x) {
      const std::size_t i = y / block * field.width + x / block;
      field.values[i] += image.pixels[y * image.shape.width + x];
      counts[i] += 1;
    }
  }
  for (std::size_t i = 0; i < counts.size(); ++i) field.values[i] /= counts[i];
  return field;
}

float quantile(std::vector<float> values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

std::vector<float> border_of(const Field& field) {
  std::vector<float> border;
  for (std::size_t y = 0; y < field.height; ++y) {
    for (std::size_t x = 0; x < field.width; ++x) {
      const bool edge = y == 0 || x == 0 || y + 1 == field.height || x + 1 == field.width;
      if (edge) border.push_back(field.at(y, x));
    }
  }
  return border;
}

Tone measure_tone(const Field& field) {
  Tone tone;
  std::vector<float> border = border_of(field);
  tone.paper = quantile(border, 0.5);
  for (float& value : border) value = std::abs(value - tone.paper);
  // A digit may touch the border, so not its greatest deviation.
  tone.noise = quantile(border, 0.9);
  const float darkest = tone.paper - quantile(field.values, 0.0005);
  const float brightest = quantile(field.values, 0.9995) - tone.paper;
  tone.sign = darkest > brightest ? -1.0F : 1.0F;
  tone.contrast = std::max(darkest, brightest);
  return tone;
}

bool has_ink(const Tone& tone) {
  constexpr float kLeastContrast = 16;
  return tone.contrast > std::max(kLeastContrast, 4 * tone.noise);
}

/// Around all ink of `field` that stands out, in pixels of the picture.
Box find_ink(const Field& field, const Tone& tone, std::size_t block, ImageShape shape) {
  const float least = std::max(0.06F * tone.contrast, std::min(4 * tone.noise, tone.contrast / 2));
  std::size_t top = field.height, left = field.width, bottom = 0, right = 0;
  for (std::size_t y = 0; y < field.height; ++y) {
    for (std::size_t x = 0; x < field.width; ++x) {
      if (tone.sign * (field.at(y, x) - tone.paper) <= least) continue;
      top = std::min(top, y);
      left = std::min(left, x);
      bottom = std::max(bottom, y + 1);
      right = std::max(right, x + 1);
    }
  }
  const std::size_t y = top * block, x = left * block;
  return {y, x, std::min(bottom * block, shape.height) - y,
          std::min(right * block, shape.width) - x};
}

/// The samples that make up one output element, and how much of each.
struct Tap {
  std::size_t first = 0;
  std::vector<float> weights;
};

/// A triangle as wide as the scale, so that shrinking averages and growing interpolates; equal
/// sizes copy.
std::vector<Tap> make_taps(std::size_t from, std::size_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(scale, 1.0);
  std::vector<Tap> taps(to);
  for (std::size_t i = 0; i < to; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale - 0.5;
    const double begin = std::max(0.0, std::ceil(center - reach));
    const double end = std::min(static_cast<double>(from) - 1, std::floor(center + reach));
    taps[i].first = static_cast<std::size_t>(begin);
    double sum = 0;
    for (double x = begin; x <= end; ++x) sum += 1 - std::abs(x - center) / reach;
    for (double x = begin; x <= end; ++x) {
      taps[i].weights.push_back(static_cast<float>((1 - std::abs(x - center) / reach) / sum));
    }
  }
  return taps;
}

/// Ink over paper, inside the box, scaled: first along the rows, then along the columns.
Field scale_ink(const Image& image, const Tone& tone, const Box& box, std::size_t height,
                std::size_t width) {
  Field narrow{box.height, width, std::vector<float>(box.height * width)};
  const std::vector<Tap> across = make_taps(box.width, width), down = make_taps(box.height, height);
  for (std::size_t y = 0; y < box.height; ++y) {
    const std::uint8_t* row = image.pixels.data() + (box.top + y) * image.shape.width + box.left;
    for (std::size_t x = 0; x < width; ++x) {
      float sum = 0;
      for (std::size_t k = 0; k < across[x].weights.size(); ++k) {
        const float grey = row[across[x].first + k];
        sum += across[x].weights[k] * tone.sign * (grey - tone.paper);
      }
      narrow.values[y * width + x] = sum;
    }
  }
  Field scaled{height, width, std::vector<float>(height * width)};
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t k = 0; k < down[y].weights.size(); ++k) {
      for (std::size_t x = 0; x < width; ++x) {
        scaled.values[y * width + x] += down[y].weights[k] * narrow.at(down[y].first + k, x);
      }
    }
  }
  return scaled;
}

/// Paper and its noise become 0, the most ink 255.
void stretch(Field& field, const Tone& tone) {
  const float most = *std::max_element(field.values.begin(), field.values.end());
  const float least = std::min(2 * tone.noise, most / 2);
  for (float& value : field.values) {
    value = most > least ? std::clamp(255 * (value - least) / (most - least), 0.0F, 255.0F) : 0;
  }
}

/// Where `size` elements with their mass at `center` begin, so that the mass lies within half an
/// element of `room / 2`: in MNIST it is element 14.
std::size_t place(double center, std::size_t size, std::size_t room) {
  const double offset = std::round(static_cast<double>(room) / 2 - center);
  return static_cast<std::size_t>(std::clamp(offset, 0.0, static_cast<double>(room - size)));
}

Image center_by_mass(const Field& field, ImageShape shape) {
  double mass = 0, moment_y = 0, moment_x = 0;
  for (std::size_t y = 0; y < field.height; ++y) {
    for (std::size_t x = 0; x < field.width; ++x) {
      mass += field.at(y, x);
      moment_y += static_cast<double>(y) * field.at(y, x);
      moment_x += static_cast<double>(x) * field.at(y, x);
    }
  }
  Image result{shape, std::vector<std::uint8_t>(shape.pixels())};
  if (mass <= 0) return result;
  const std::size_t top = place(moment_y / mass, field.height, shape.height);
  const std::size_t left = place(moment_x / mass, field.width, shape.width);
  for (std::size_t y = 0; y < field.height; ++y) {
    for (std::size_t x = 0; x < field.width; ++x) {
      result.pixels[(top + y) * shape.width + left + x] =
          static_cast<std::uint8_t>(std::lround(field.at(y, x)));
    }
  }
  return result;
}

/// A whole number of elements, at least 1 and at most `room`.
std::size_t fitted(double size, std::size_t room) {
  const auto rounded = static_cast<std::size_t>(std::lround(size));
  return std::clamp<std::size_t>(rounded, 1, room);
}

}  // namespace

Image prepare_digit(const Image& image, ImageShape shape) {
  Image blank{shape, std::vector<std::uint8_t>(shape.pixels())};
  if (image.pixels.empty() || blank.pixels.empty()) return blank;
  constexpr std::size_t kReducedSide = 128;
  const auto [shortest, longest] = std::minmax(image.shape.height, image.shape.width);
  // A strip keeps enough of its width to have a middle.
  const std::size_t block = std::min((longest + kReducedSide - 1) / kReducedSide,
                                     std::max<std::size_t>(shortest / 16, 1));
  const Field reduced = reduce(image, block);
  const Tone tone = measure_tone(reduced);
  if (!has_ink(tone)) return blank;

  const Box box = find_ink(reduced, tone, block, image.shape);
  constexpr double kShare = 20.0 / 28.0;
  const double scale =
      std::min(kShare * static_cast<double>(shape.height) / static_cast<double>(box.height),
               kShare * static_cast<double>(shape.width) / static_cast<double>(box.width));
  Field ink =
      scale_ink(image, tone, box, fitted(scale * static_cast<double>(box.height), shape.height),
                fitted(scale * static_cast<double>(box.width), shape.width));
  stretch(ink, tone);
  return center_by_mass(ink, shape);
}

}  // namespace deltarule
