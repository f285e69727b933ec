// The first layer on pixels as they are: only lit patches are multiplied, and the result is exact.
//
// Most pixels of a handwritten digit are 0. Four pixels make a patch (2×2 in a picture); a patch of
// zeros is skipped. For a batch, "the lit patches of each image" are turned into "the images of
// each patch", so that the four rows of W that belong to a patch stay in registers while the images
// stream by.
//
// Normalized inputs are not sparse, but x = p·s − m·1, with s = 1/σ and m = μ/σ of the image, is a
// sparse row plus a constant one:
//   X W = s (P W) − m S,             S = Σ_i W_i, the sum of the rows of W
//   dW  = Pᵀ (s δ) − 1 · c,          c = Σ_n m_n δ_n
// so the constant part costs one row in each direction. The two parts cancel where m is large,
// which costs about m roundings; data/lit_pixels.h bounds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/math/activation.h"
#include "deltarule/math/matrix.h"
#include "deltarule/math/update_rule.h"

namespace deltarule {

inline constexpr std::size_t kPatchPixels = 4;

/// Which features make which patch.
struct PatchLayout {
  /// Of patch k, the features [4k, 4k + 4); each feature stands in exactly one patch.
  std::vector<std::uint32_t> features;

  std::size_t patches() const { return features.size() / kPatchPixels; }
};

/// 2×2 patches for a picture of even height and width; otherwise four features in a row.
/// Precondition: height · width is a multiple of 4.
PatchLayout make_patch_layout(std::size_t height, std::size_t width);

/// Patches are numbered in two bytes: what is read for each batch from far away is small.
inline constexpr std::size_t kMostPatches = 65536;

/// A patch of one example with at least one pixel that is not 0.
struct LitPatch {
  std::uint16_t patch;
  std::uint8_t pixels[kPatchPixels];
};

/// An example in the list of a patch.
struct alignas(8) ListedExample {
  std::uint32_t offset;  ///< of its row in the scratch of the products
  std::uint8_t pixels[kPatchPixels];
};

/// The list of one patch.
struct PatchExamples {
  std::span<const ListedExample> examples;
  const float* values;            ///< of each example, its four pixels
  const std::uint32_t* features;  ///< the patch's four rows of weights
};

/// The lit patches of up to `capacity` examples, patch by patch. Scratch of one thread, filled anew
/// for each batch without allocating: clear, add for each example, finish.
class PatchLists {
 public:
  /// The layout must outlive the lists. They serve products of up to `columns` columns. Throws
  /// std::bad_alloc where offsets of 32 bits would not do, which takes 16 GB.
  PatchLists(const PatchLayout& layout, std::size_t capacity, std::size_t columns);

  void clear();

  /// Adds the next example, whose inputs are p · scale − shift for each of its pixels p.
  void add(std::span<const LitPatch> example, float scale, float shift);

  /// After the last example.
  void finish();

  std::size_t patches() const { return ends_.size(); }
  PatchExamples operator[](std::size_t patch) const {
    const std::size_t begin = patch * stride_;
    return {{listed_.data() + begin, ends_[patch] - begin},
            values_.data() + begin * kPatchPixels,
            layout_.features.data() + patch * kPatchPixels};
  }
  std::span<const float> scales() const { return scales_; }
  std::span<const float> shifts() const { return shifts_; }
  /// A row for each example and one more, for the sums of the products.
  MatrixView<float> scratch() { return scratch_.view(); }

 private:
  const PatchLayout& layout_;
  std::size_t stride_;
  std::vector<std::uint32_t> ends_;    // of each patch's list in listed_
  std::vector<ListedExample> listed_;  // of patch k, from k · stride_
  std::vector<float> values_;
  std::vector<float> scales_, shifts_;
  Matrix<float> scratch_;
};

/// outputs = g(s (P W) − m S + b): what `affine` gives for normalized inputs.
void lit_affine(PatchLists& lists, ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                Activation activation, MatrixView<float> outputs);

/// One step of `rule` on all weights with the gradient Pᵀ (s δ) − 1·c: what `update_weights` does
/// for normalized inputs. Rows of unlit patches get −c, momentum and penalty like all others.
void lit_update(PatchLists& lists, ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                MatrixView<float> weights, MatrixView<float> velocity);

}  // namespace deltarule
