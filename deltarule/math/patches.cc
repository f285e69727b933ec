#include "deltarule/math/patches.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deltarule/math/patches.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "deltarule/math/product-inl.h"
//
#include "deltarule/math/epilogues-inl.h"
#include "deltarule/math/lit-inl.h"

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

void lit_affine_kernel(const PatchLists& lists, ConstMatrixView<float> weights,
                       ConstMatrixView<float> biases, Activation activation,
                       MatrixView<float> outputs, MatrixView<float> scratch) {
  const Tag<float> d;
  const std::size_t examples = outputs.rows(), columns = outputs.padded_columns();
  fill(scratch.rows(0, examples + 1), 0.0f);
  float* row_sum = scratch.row_data(examples);
  for_stretches(columns, [&](auto width, std::size_t column) {
    for (std::size_t k = 0; k < lists.patches(); ++k) {
      lit_forward_patch<width>(lists[k], weights, scratch.data, row_sum, column);
    }
  });
  for (std::size_t n = 0; n < examples; ++n) {
    const auto scale = hn::Set(d, lists.scales()[n]), shift = hn::Set(d, lists.shifts()[n]);
    const float* sum = scratch.row_data(n);
    for (std::size_t column = 0; column < columns; column += hn::Lanes(d)) {
      const auto constant =
          hn::NegMulAdd(shift, hn::Load(d, row_sum + column), hn::Load(d, biases.data + column));
      const auto a = hn::MulAdd(scale, hn::Load(d, sum + column), constant);
      hn::Store(activate_vector(activation, d, a), d, outputs.row_data(n) + column);
    }
  }
}

/// scratch = s δ, with −c in the row after the last.
void scale_deltas(const PatchLists& lists, ConstMatrixView<float> deltas,
                  MatrixView<float> scratch) {
  const Tag<float> d;
  for (std::size_t column = 0; column < deltas.padded_columns(); column += hn::Lanes(d)) {
    auto minus_c = hn::Zero(d);
    for (std::size_t n = 0; n < deltas.rows(); ++n) {
      const auto delta = hn::Load(d, deltas.row_data(n) + column);
      minus_c = hn::NegMulAdd(hn::Set(d, lists.shifts()[n]), delta, minus_c);
      hn::Store(hn::Mul(hn::Set(d, lists.scales()[n]), delta), d, scratch.row_data(n) + column);
    }
    hn::Store(minus_c, d, scratch.row_data(deltas.rows()) + column);
  }
}

/// A function for each kind of update: all in one would have more in it than the compiler lays out
/// well.
template <class UpdateKind>
HWY_NOINLINE void walk_back(const PatchLists& lists, const float* deltas, const float* minus_c,
                            const UpdateKind& update, std::size_t columns) {
  for_stretches(columns, [&](auto width, std::size_t column) {
    for (std::size_t k = 0; k < lists.patches(); ++k) {
      lit_backward_patch<width>(lists[k], deltas, minus_c, update, column);
    }
  });
}

void lit_update_kernel(const PatchLists& lists, ConstMatrixView<float> deltas,
                       const UpdateRule<float>& rule, MatrixView<float> weights,
                       MatrixView<float> velocity, MatrixView<float> scratch) {
  scale_deltas(lists, deltas, scratch);
  const float* minus_c = scratch.row_data(deltas.rows());
  with_update(rule, weights, velocity, [&](const auto& update) {
    walk_back(lists, scratch.data, minus_c, update, weights.padded_columns());
  });
}

/// Pixels as numbers, a vector of them at a time: as many examples as that has fours. Writes up to
/// three examples beyond the last.
void convert_pixels(std::span<const ListedExample> listed, float* values) {
  const Tag<float> d;
  const std::size_t at_once = hn::Lanes(d) / kPatchPixels;
  const hn::Repartition<std::uint64_t, hn::Rebind<std::uint16_t, Tag<float>>> whole;
  const hn::Rebind<std::uint32_t, decltype(whole)> words;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const hn::RebindToSigned<hn::RebindToUnsigned<decltype(d)>> integers;
  const auto* from = reinterpret_cast<const std::uint64_t*>(listed.data());
  for (std::size_t i = 0; i < listed.size(); i += at_once) {
    const auto pixels = hn::TruncateTo(words, hn::ShiftRight<32>(hn::LoadU(whole, from + i)));
    const auto numbers = hn::PromoteTo(integers, hn::BitCast(bytes, pixels));
    hn::StoreU(hn::ConvertTo(d, numbers), d, values + i * kPatchPixels);
  }
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(lit_affine_kernel);
HWY_EXPORT(lit_update_kernel);
HWY_EXPORT(convert_pixels);

PatchLayout make_patch_layout(std::size_t height, std::size_t width) {
  assert(height * width % kPatchPixels == 0);
  PatchLayout layout;
  const auto add = [&](std::size_t feature) {
    layout.features.push_back(static_cast<std::uint32_t>(feature));
  };
  if (height % 2 != 0 || width % 2 != 0) {
    for (std::size_t i = 0; i < height * width; ++i) add(i);
    return layout;
  }
  for (std::size_t y = 0; y < height; y += 2) {
    for (std::size_t x = 0; x < width; x += 2) {
      add(y * width + x);
      add(y * width + x + 1);
      add((y + 1) * width + x);
      add((y + 1) * width + x + 1);
    }
  }
  return layout;
}

// A stride that is a power of two would map the same place of every patch to the same few lines of
// the cache.
PatchLists::PatchLists(const PatchLayout& layout, std::size_t capacity, std::size_t columns)
    : layout_(layout),
      stride_(capacity + 4),
      ends_(layout.patches()),
      listed_(layout.patches() * stride_),
      values_(listed_.size() * kPatchPixels),
      scratch_(Shape{capacity + 1, columns}) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (listed_.size() > kMost || (capacity + 1) * scratch_.view().stride > kMost) {
    throw std::bad_alloc();
  }
  scales_.reserve(capacity);
  shifts_.reserve(capacity);
  clear();
}

void PatchLists::clear() {
  for (std::size_t k = 0; k < ends_.size(); ++k) ends_[k] = static_cast<std::uint32_t>(k * stride_);
  scales_.clear();
  shifts_.clear();
}

// Eight bytes for each patch: the lines of memory that all lists are growing on then fit into the
// nearest cache, where those of four floats and a number would not.
void PatchLists::add(std::span<const LitPatch> example, float scale, float shift) {
  assert(scales_.size() < scales_.capacity());
  const std::uint32_t offset = static_cast<std::uint32_t>(scales_.size() * scratch_.view().stride);
  std::uint32_t* ends = ends_.data();
  ListedExample* listed = listed_.data();
  for (const LitPatch& lit : example) {
    ListedExample& next = listed[ends[lit.patch]++];
    next.offset = offset;
    std::memcpy(next.pixels, lit.pixels, kPatchPixels);
  }
  scales_.push_back(scale);
  shifts_.push_back(shift);
}

void PatchLists::finish() {
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    const std::size_t begin = k * stride_;
    HWY_DYNAMIC_DISPATCH(convert_pixels)
    ({listed_.data() + begin, ends_[k] - begin}, values_.data() + begin * kPatchPixels);
  }
}

void lit_affine(PatchLists& lists, ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                Activation activation, MatrixView<float> outputs) {
  assert(outputs.columns() == weights.columns() && biases.columns() == weights.columns());
  assert(outputs.rows() == lists.scales().size());
  assert(lists.scratch().columns() >= outputs.columns());
  HWY_DYNAMIC_DISPATCH(lit_affine_kernel)
  (lists, weights, biases, activation, outputs, lists.scratch());
}

void lit_update(PatchLists& lists, ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                MatrixView<float> weights, MatrixView<float> velocity) {
  assert(deltas.columns() == weights.columns() && deltas.rows() == lists.scales().size());
  assert(rule.momentum == 0 || velocity.shape == weights.shape);
  assert(lists.scratch().columns() >= weights.columns());
  HWY_DYNAMIC_DISPATCH(lit_update_kernel)
  (lists, deltas, rule, weights, velocity, lists.scratch());
}

}  // namespace deltarule
#endif  // HWY_ONCE
