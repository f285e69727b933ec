// Small data for the tests of this folder.
#pragma once

#include "deltarule/base/random.h"
#include "deltarule/data/dataset.h"
#include "deltarule/data/split.h"

namespace deltarule {

/// Three classes of pixels, each bright in a place of its own, with noise: easy but not trivial.
inline Dataset make_blobs(std::size_t count, std::uint64_t seed = 1) {
  constexpr std::size_t kSide = 6;
  Dataset data;
  data.name = "blobs";
  data.image = {kSide, kSide};
  data.features = kSide * kSide;
  data.classes = {"left", "middle", "right"};
  data.training_count = count;
  Random random(seed, Stream::kSample);
  std::vector<std::uint8_t> pixels;
  for (std::size_t n = 0; n < count; ++n) {
    const std::uint16_t label = static_cast<std::uint16_t>(n % 3);
    for (std::size_t i = 0; i < data.features; ++i) {
      const bool bright = i % kSide / 2 == label;
      pixels.push_back(static_cast<std::uint8_t>(random.below(bright ? 256 : 128)));
    }
    data.labels.push_back(label);
  }
  data.values = std::move(pixels);
  return data;
}

}  // namespace deltarule
