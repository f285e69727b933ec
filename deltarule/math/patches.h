// The first layer on pixels as they are: only lit patches are multiplied, and the result is exact.
//
// Most pixels of a handwritten digit are 0. Four pixels make a patch (2×2 in a picture); a patch of
// zeros is skipped. For a batch, "the lit patches of each image" are turned into "the images of
// each patch", so that the four rows of W that belong to a patch stay in registers while the images
// stream by.
//
// Normalized inputs are not sparse, but x = p·s − m·1, with s = 1/σ and m = μ/σ of the image, is a
// sparse row plus a constant one:
//   X W = (s p) W − m S,         S = Σ_i W_i, the sum of the rows of W
//   dW  = (s p)ᵀ δ − 1 · c,      c = Σ_n m_n δ_n
// so the constant part costs one row in each direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/base/threads.h"
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

/// The arrays of a PatchLists, for the kernels that fill it.
struct PatchTables {
  std::uint32_t* counts;
  std::uint32_t* examples;
  float* values;
  std::uint32_t* lit;
  std::size_t stride;  ///< examples from one patch to the next
};

/// The lit patches of up to `capacity` examples, patch by patch. Scratch that is filled anew for
/// each batch without allocating.
class PatchLists {
 public:
  PatchLists(std::size_t patches, std::size_t capacity);

  void clear();

  /// `words`: the patches of one example, each four bytes in the order of the layout. Its pixels
  /// are kept multiplied by `scale`.
  void add(std::uint32_t example, std::span<const std::uint32_t> words, float scale);

  std::size_t patches() const { return counts_.size(); }
  std::size_t count(std::size_t patch) const { return counts_[patch]; }
  const std::uint32_t* examples(std::size_t patch) const {
    return examples_.data() + patch * stride_;
  }
  /// Four scaled pixels for each example of the patch.
  const float* values(std::size_t patch) const {
    return values_.data() + patch * stride_ * kPatchPixels;
  }

 private:
  std::size_t stride_;
  std::vector<std::uint32_t> counts_, examples_;
  std::vector<float> values_;
  std::vector<std::uint32_t> lit_;  // scratch of add()
};

/// outputs = g((s p) W − m S + b): what `affine` gives for normalized inputs.
/// `shifts` holds m of each example; `scratch` is a row like the biases.
void lit_affine(const PatchLists& lists, const PatchLayout& layout, std::span<const float> shifts,
                ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                Activation activation, MatrixView<float> outputs, MatrixView<float> scratch,
                ThreadTeam& team);

/// One step of `rule` on all weights with the gradient (s p)ᵀ δ − 1·c: what `update_weights` does
/// for normalized inputs. Rows of unlit patches get −c, momentum and penalty like all others.
void lit_update(const PatchLists& lists, const PatchLayout& layout, std::span<const float> shifts,
                ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                MatrixView<float> weights, MatrixView<float> velocity, MatrixView<float> scratch,
                ThreadTeam& team);

}  // namespace deltarule
