// A second copy of a set of pictures, in the order in which the first layer takes lit patches.
//
// See math/patches.h for what it is good for. It doubles the memory of the pixels (another 55 MB
// for MNIST) and is made once for all runs on a data set.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/math/patches.h"

namespace deltarule {

struct LitPixels {
  PatchLayout layout;
  std::vector<std::uint32_t> words;  ///< (count, patches): the four bytes of each patch
  std::vector<RowScale> per_image;   ///< of Normalization::kPerImage, one for each example
  double lit_share = 0;              ///< of all patches, those with a pixel that is not 0

  std::span<const std::uint32_t> row(std::size_t example) const {
    return {words.data() + example * layout.patches(), layout.patches()};
  }
};

/// Above this share the dense product is as fast.
inline constexpr double kMostLitShare = 0.6;

/// Null if the features are not bytes, not a multiple of four, or too many of them are lit.
std::shared_ptr<const LitPixels> make_lit_pixels(const Dataset& data);

}  // namespace deltarule
