// A second copy of a set of pictures: of each, the lit patches only.
//
// See math/patches.h for what they are good for. Six bytes for each lit patch (21 MB for MNIST, a
// third of its pixels), made once for all runs on a data set.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/math/patches.h"

namespace deltarule {

/// All that a batch asks of one example in 16 bytes: it is fetched from far away, one time.
struct LitExample {
  std::uint32_t first = 0, count = 0;  ///< its patches, in the order of the layout
  RowScale per_image;                  ///< of Normalization::kPerImage
};

struct LitPixels {
  PatchLayout layout;
  std::vector<LitPatch> patches;  ///< example after example
  std::vector<LitExample> examples;
  double lit_share = 0;  ///< of all patches, those with a pixel that is not 0

  std::span<const LitPatch> row(std::size_t example) const {
    return {patches.data() + examples[example].first, examples[example].count};
  }
};

/// Above this share the dense product is as fast.
inline constexpr double kMostLitShare = 0.6;

/// The greatest μ/σ of a picture: what is lost where the constant part of the product is taken off
/// grows with it. Pictures of digits have about .4; a picture that is bright nearly all over has
/// hundreds.
inline constexpr float kMostShift = 16;

/// Null if the features are not bytes, not a multiple of four, or too many of them are lit; also
/// for more than kMostPatches patches a row, or 2^32 in all.
std::shared_ptr<const LitPixels> make_lit_pixels(const Dataset& data);

}  // namespace deltarule
