#include "deltarule/math/patches.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <type_traits>

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

void lit_affine_columns(const PatchLists& lists, const PatchLayout& layout, const float* shifts,
                        ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                        Activation activation, MatrixView<float> outputs, float* row_sum,
                        std::size_t first, std::size_t end) {
  const Tag<float> d;
  std::fill(row_sum + first, row_sum + end, 0.0f);
  for (std::size_t n = 0; n < outputs.rows(); ++n) {
    std::fill(outputs.row_data(n) + first, outputs.row_data(n) + end, 0.0f);
  }
  for_stretches(first, end, [&](auto width, std::size_t column) {
    for (std::size_t k = 0; k < lists.patches(); ++k) {
      lit_forward_patch<width>(lit_patch(lists, layout, k), weights, outputs, row_sum, column);
    }
  });
  for (std::size_t n = 0; n < outputs.rows(); ++n) {
    float* out = outputs.row_data(n);
    const auto shift = hn::Set(d, shifts[n]);
    for (std::size_t column = first; column < end; column += hn::Lanes(d)) {
      const auto constant =
          hn::NegMulAdd(shift, hn::Load(d, row_sum + column), hn::Load(d, biases.data + column));
      const auto a = hn::Add(hn::Load(d, out + column), constant);
      hn::Store(activate_vector(activation, d, a), d, out + column);
    }
  }
}

/// An update whose gradients begin at −c.
template <class Base>
struct ShiftedUpdate {
  Base base;
  const float* minus_c;

  template <class D>
  HWY_INLINE hn::Vec<D> begin(D d, std::size_t column) const {
    return hn::Load(d, minus_c + column);
  }
  template <class D>
  HWY_INLINE void end(D d, hn::Vec<D> gradient, std::size_t row, std::size_t column) const {
    base.end(d, gradient, row, column);
  }
};

template <bool kMomentum, bool kPenalty>
void lit_update_with(const PatchLists& lists, const PatchLayout& layout,
                     ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                     MatrixView<float> weights, MatrixView<float> velocity, const float* minus_c,
                     std::size_t first, std::size_t end) {
  using Base = Update<kMomentum, kPenalty, float>;
  const ShiftedUpdate<Base> update = {Base{rule, weights, velocity}, minus_c};
  for_stretches(first, end, [&](auto width, std::size_t column) {
    for (std::size_t k = 0; k < lists.patches(); ++k) {
      lit_backward_patch<width>(lit_patch(lists, layout, k), deltas, update, column);
    }
  });
}

/// `minus_c` is scratch for one row, −Σ_n m_n δ_n.
void lit_update_columns(const PatchLists& lists, const PatchLayout& layout, const float* shifts,
                        ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                        MatrixView<float> weights, MatrixView<float> velocity, float* minus_c,
                        std::size_t first, std::size_t end) {
  const Tag<float> d;
  std::fill(minus_c + first, minus_c + end, 0.0f);
  for (std::size_t n = 0; n < deltas.rows(); ++n) {
    const auto shift = hn::Set(d, shifts[n]);
    for (std::size_t column = first; column < end; column += hn::Lanes(d)) {
      const auto delta = hn::Load(d, deltas.row_data(n) + column);
      const auto sum = hn::Load(d, minus_c + column);
      hn::Store(hn::NegMulAdd(shift, delta, sum), d, minus_c + column);
    }
  }
  const auto run = [&](auto momentum, auto penalty) {
    lit_update_with<momentum, penalty>(lists, layout, deltas, rule, weights, velocity, minus_c,
                                       first, end);
  };
  if (rule.momentum != 0) {
    rule.has_penalty() ? run(std::true_type(), std::true_type())
                       : run(std::true_type(), std::false_type());
  } else {
    rule.has_penalty() ? run(std::false_type(), std::true_type())
                       : run(std::false_type(), std::false_type());
  }
}

/// The indices of the words that are not 0, in order; returns how many. `indices` has room for as
/// many as there are words, and a vector more.
HWY_INLINE std::size_t find_lit(const std::uint32_t* words, std::size_t count,
                                std::uint32_t* indices) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t found = 0, i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto lit = hn::Ne(hn::LoadU(d, words + i), hn::Zero(d));
    // Not CompressStore, which some processors do a hundred times slower than these two.
    const auto index = hn::Iota(d, static_cast<std::uint32_t>(i));
    hn::StoreU(hn::Compress(index, lit), d, indices + found);
    found += hn::CountTrue(d, lit);
  }
  for (; i < count; ++i) {
    if (words[i] != 0) indices[found++] = static_cast<std::uint32_t>(i);
  }
  return found;
}

void add_to_lists(const PatchTables& tables, std::uint32_t example, const std::uint32_t* words,
                  std::size_t patches, float scale) {
  const hn::CappedTag<float, kPatchPixels> d;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const hn::Rebind<std::int32_t, decltype(d)> integers;
  const auto factor = hn::Set(d, scale);
  const std::size_t found = find_lit(words, patches, tables.lit);
  for (std::size_t i = 0; i < found; ++i) {
    const std::size_t patch = tables.lit[i];
    const std::size_t place = patch * tables.stride + tables.counts[patch]++;
    tables.examples[place] = example;
    const auto* pixels = reinterpret_cast<const std::uint8_t*>(words + patch);
    float* values = tables.values + place * kPatchPixels;
    for (std::size_t r = 0; r < kPatchPixels; r += hn::Lanes(d)) {
      const auto raw = hn::PromoteTo(integers, hn::LoadU(bytes, pixels + r));
      hn::StoreU(hn::Mul(factor, hn::ConvertTo(d, raw)), d, values + r);
    }
  }
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(lit_affine_columns);
HWY_EXPORT(lit_update_columns);
HWY_EXPORT(add_to_lists);

namespace {

constexpr std::size_t kLineFloats = 16;  // the unit of padding, see matrix.h

/// Columns of a result, in one contiguous range of whole lines for each thread.
template <class Work>
void for_column_ranges(std::size_t stride, ThreadTeam& team, const Work& work) {
  const std::size_t lines = stride / kLineFloats;
  const std::size_t parts = std::min<std::size_t>(lines, static_cast<std::size_t>(team.size()));
  if (parts <= 1) return work(0, stride);
  team.run(parts, [&](std::size_t part) {
    work(lines * part / parts * kLineFloats, lines * (part + 1) / parts * kLineFloats);
  });
}

}  // namespace

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
PatchLists::PatchLists(std::size_t patches, std::size_t capacity)
    : stride_(capacity + 4),
      counts_(patches),
      examples_(patches * stride_),
      values_(patches * stride_ * kPatchPixels),
      lit_(patches + 16) {}

void PatchLists::clear() { std::fill(counts_.begin(), counts_.end(), 0); }

void PatchLists::add(std::uint32_t example, std::span<const std::uint32_t> words, float scale) {
  assert(words.size() == patches());
  const PatchTables tables = {counts_.data(), examples_.data(), values_.data(), lit_.data(),
                              stride_};
  HWY_DYNAMIC_DISPATCH(add_to_lists)(tables, example, words.data(), words.size(), scale);
}

void lit_affine(const PatchLists& lists, const PatchLayout& layout, std::span<const float> shifts,
                ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                Activation activation, MatrixView<float> outputs, MatrixView<float> scratch,
                ThreadTeam& team) {
  assert(outputs.stride == weights.stride && scratch.stride == weights.stride);
  assert(outputs.rows() == shifts.size());
  for_column_ranges(outputs.stride, team, [&](std::size_t first, std::size_t end) {
    HWY_DYNAMIC_DISPATCH(lit_affine_columns)
    (lists, layout, shifts.data(), weights, biases, activation, outputs, scratch.data, first, end);
  });
}

void lit_update(const PatchLists& lists, const PatchLayout& layout, std::span<const float> shifts,
                ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                MatrixView<float> weights, MatrixView<float> velocity, MatrixView<float> scratch,
                ThreadTeam& team) {
  assert(deltas.stride == weights.stride && scratch.stride == weights.stride);
  assert(deltas.rows() == shifts.size());
  for_column_ranges(weights.stride, team, [&](std::size_t first, std::size_t end) {
    HWY_DYNAMIC_DISPATCH(lit_update_columns)
    (lists, layout, shifts.data(), deltas, rule, weights, velocity, scratch.data, first, end);
  });
}

}  // namespace deltarule
#endif  // HWY_ONCE
