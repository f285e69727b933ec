#include "deltarule/data/synthetic_digits.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "deltarule/base/random.h"
#include "deltarule/data/handwriting.h"

namespace deltarule {
namespace {

// MNIST fits a digit's ink into a square of 20×20 pixels, then centers it by mass.
constexpr int kBox = 20;

void fit_to_box(PenTrack& track) {
  PenTrack::Point low = track.points[0], high = low;
  double radius = 0;
  for (const PenTrack::Point& p : track.points) {
    low.x = std::min(low.x, p.x);
    low.y = std::min(low.y, p.y);
    high.x = std::max(high.x, p.x);
    high.y = std::max(high.y, p.y);
    radius = std::max(radius, p.radius);
  }
  const double scale = (kBox - 2 * radius) / std::max(high.x - low.x, high.y - low.y);
  for (PenTrack::Point& p : track.points) {
    p.x = (p.x - 0.5 * (low.x + high.x)) * scale + 0.5 * kBox;
    p.y = (p.y - 0.5 * (low.y + high.y)) * scale + 0.5 * kBox;
  }
}

using Canvas = std::array<double, kBox * kBox>;

// Raises each pixel near a piece to how deep its center lies inside the pen's track.
void ink_piece(const PenTrack::Point& a, const PenTrack::Point& b, double softness, Canvas& depth) {
  const double reach = std::max(a.radius, b.radius) + softness;
  const int left = std::max(0, static_cast<int>(std::min(a.x, b.x) - reach));
  const int right = std::min(kBox - 1, static_cast<int>(std::max(a.x, b.x) + reach));
  const int top = std::max(0, static_cast<int>(std::min(a.y, b.y) - reach));
  const int bottom = std::min(kBox - 1, static_cast<int>(std::max(a.y, b.y) + reach));
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length_squared = dx * dx + dy * dy;
  const double inverse = length_squared > 0 ? 1 / length_squared : 0;
  for (int row = top; row <= bottom; ++row) {
    for (int column = left; column <= right; ++column) {
      const double px = column + 0.5 - a.x, py = row + 0.5 - a.y;
      const double t = std::clamp((px * dx + py * dy) * inverse, 0.0, 1.0);
      const double ex = px - t * dx, ey = py - t * dy;
      const double inside = a.radius + (b.radius - a.radius) * t - std::sqrt(ex * ex + ey * ey);
      double& pixel = depth[static_cast<std::size_t>(row * kBox + column)];
      pixel = std::max(pixel, inside);
    }
  }
}

// To bytes, and shifted by whole pixels so that the center of mass is nearest to the middle.
void place(const Canvas& depth, double softness, std::span<std::uint8_t> pixels) {
  std::array<int, kBox * kBox> ink{};
  std::int64_t mass = 0, moment_x = 0, moment_y = 0;
  for (int i = 0; i < kBox * kBox; ++i) {
    const double cover = std::clamp(depth[static_cast<std::size_t>(i)] / softness + 0.5, 0.0, 1.0);
    const int value = static_cast<int>(cover * 255 + 0.5);
    ink[static_cast<std::size_t>(i)] = value;
    mass += value;
    moment_x += value * (2 * (i % kBox) + 1);
    moment_y += value * (2 * (i / kBox) + 1);
  }
  constexpr int kSide = static_cast<int>(kDigitSide);
  // moment / mass is twice the center; the shift is rounded to the nearest whole pixel.
  const auto shift = [&](std::int64_t moment) {
    const double free =
        kSide / 2.0 - static_cast<double>(moment) / (2.0 * static_cast<double>(mass));
    return std::clamp(static_cast<int>(free + 0.5), 0, kSide - kBox);
  };
  const int shift_x = shift(moment_x), shift_y = shift(moment_y);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  for (int row = 0; row < kBox; ++row) {
    for (int column = 0; column < kBox; ++column) {
      pixels[static_cast<std::size_t>((row + shift_y) * kSide + column + shift_x)] =
          static_cast<std::uint8_t>(ink[static_cast<std::size_t>(row * kBox + column)]);
    }
  }
}

}  // namespace

void draw_digit(int digit, std::uint64_t seed, std::uint32_t index,
                std::span<std::uint8_t> pixels) {
  assert(digit >= 0 && digit <= 9 && pixels.size() == kDigitSide * kDigitSide);
  Random random(seed, Stream::kDigits, index);
  PenTrack track = write_digit(digit, random);
  fit_to_box(track);
  Canvas depth;
  depth.fill(-kBox);
  const auto& points = track.points;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].joined) ink_piece(points[i - 1], points[i], track.softness, depth);
  }
  place(depth, track.softness, pixels);
}

Dataset make_synthetic_digits(std::size_t count, std::uint64_t seed) {
  Dataset data;
  data.name = "synthetic digits";
  data.description = "Synthetic: " + std::to_string(count) +
                     " digits that a seeded pen wrote (seed " + std::to_string(seed) +
                     "); no person's handwriting";
  data.image = {kDigitSide, kDigitSide};
  data.features = data.image.pixels();
  data.test_count = count / 7;
  data.training_count = count - data.test_count;
  for (int digit = 0; digit <= 9; ++digit) data.classes.push_back(std::to_string(digit));
  std::vector<std::uint8_t> pixels(count * data.features);
  std::array<std::uint16_t, 10> turn{};
  Random order(seed, Stream::kOrder);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place_in_part = i < data.training_count ? i : i - data.training_count;
    if (place_in_part % turn.size() == 0) {
      std::iota(turn.begin(), turn.end(), std::uint16_t{0});
      shuffle(std::span<std::uint16_t>(turn), order);
    }
    const std::uint16_t digit = turn[place_in_part % turn.size()];
    data.labels.push_back(digit);
    draw_digit(digit, seed, static_cast<std::uint32_t>(i),
               std::span(pixels).subspan(i * data.features, data.features));
  }
  data.values = std::move(pixels);
  return data;
}

}  // namespace deltarule
