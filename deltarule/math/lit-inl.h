// The products of patches.h for a stretch of columns. Included once for each instruction set.
//
// A patch's four rows of weights, kVectors vectors wide, stay in registers while the images of the
// patch stream by: forward they are read, backward the same registers gather the gradient.
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// Σ_r value_r · weights(feature_r, column…) is added to the sums of each of the patch's examples,
/// and Σ_r weights(feature_r, column…) to row_sum.
template <int kVectors>
HWY_INLINE void lit_forward_patch(const PatchExamples& patch, ConstMatrixView<float> weights,
                                  float* sums, float* row_sum, std::size_t column) {
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  // The vector j of a row, or a copy of the first where the tile is narrower.
  const auto load = [&](const float* row, int j) {
    return hn::Load(d, row + (j < kVectors ? static_cast<std::size_t>(j) : 0) * lanes);
  };
  const float* w0 = weights.row_data(patch.features[0]) + column;
  const float* w1 = weights.row_data(patch.features[1]) + column;
  const float* w2 = weights.row_data(patch.features[2]) + column;
  const float* w3 = weights.row_data(patch.features[3]) + column;
  const auto w00 = load(w0, 0), w01 = load(w0, 1), w02 = load(w0, 2), w03 = load(w0, 3);
  const auto w10 = load(w1, 0), w11 = load(w1, 1), w12 = load(w1, 2), w13 = load(w1, 3);
  const auto w20 = load(w2, 0), w21 = load(w2, 1), w22 = load(w2, 2), w23 = load(w2, 3);
  const auto w30 = load(w3, 0), w31 = load(w3, 1), w32 = load(w3, 2), w33 = load(w3, 3);
  const auto add_rows = [&](std::size_t j, auto a0, auto a1, auto a2, auto a3) {
    float* sum = row_sum + column + j * lanes;
    const auto rows = hn::Add(hn::Add(a0, a1), hn::Add(a2, a3));
    hn::Store(hn::Add(hn::Load(d, sum), rows), d, sum);
  };
  add_rows(0, w00, w10, w20, w30);
  if constexpr (kVectors >= 2) add_rows(1, w01, w11, w21, w31);
  if constexpr (kVectors == 4) {
    add_rows(2, w02, w12, w22, w32);
    add_rows(3, w03, w13, w23, w33);
  }
  const float* HWY_RESTRICT value = patch.values;
  float* HWY_RESTRICT column_sums = sums + column;
  for (const ListedExample& listed : patch.examples) {
    float* HWY_RESTRICT out = column_sums + listed.offset;
    const auto v0 = hn::Set(d, value[0]), v1 = hn::Set(d, value[1]);
    const auto v2 = hn::Set(d, value[2]), v3 = hn::Set(d, value[3]);
    const auto add = [&](std::size_t j, auto a0, auto a1, auto a2, auto a3) {
      auto sum = hn::MulAdd(v0, a0, hn::Load(d, out + j * lanes));
      sum = hn::MulAdd(v1, a1, sum);
      sum = hn::MulAdd(v2, a2, sum);
      hn::Store(hn::MulAdd(v3, a3, sum), d, out + j * lanes);
    };
    add(0, w00, w10, w20, w30);
    if constexpr (kVectors >= 2) add(1, w01, w11, w21, w31);
    if constexpr (kVectors == 4) {
      add(2, w02, w12, w22, w32);
      add(3, w03, w13, w23, w33);
    }
    value += kPatchPixels;
  }
}

/// Hands the gradient of the patch's four rows to `epilogue`, vector by vector. Sums begin at
/// `minus_c`.
template <int kVectors, class Epilogue>
HWY_INLINE void lit_backward_patch(const PatchExamples& patch, const float* deltas,
                                   const float* minus_c, const Epilogue& epilogue,
                                   std::size_t column) {
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto begin = [&](int j) {
    return hn::Load(d, minus_c + column + (j < kVectors ? static_cast<std::size_t>(j) : 0) * lanes);
  };
  const auto b0 = begin(0), b1 = begin(1), b2 = begin(2), b3 = begin(3);
  auto c00 = b0, c01 = b1, c02 = b2, c03 = b3;
  auto c10 = b0, c11 = b1, c12 = b2, c13 = b3;
  auto c20 = b0, c21 = b1, c22 = b2, c23 = b3;
  auto c30 = b0, c31 = b1, c32 = b2, c33 = b3;
  const float* HWY_RESTRICT value = patch.values;
  const float* HWY_RESTRICT column_deltas = deltas + column;
  for (const ListedExample& listed : patch.examples) {
    const float* HWY_RESTRICT delta = column_deltas + listed.offset;
    const auto d0 = hn::Load(d, delta);
    const auto d1 = kVectors >= 2 ? hn::Load(d, delta + lanes) : d0;
    const auto d2 = kVectors == 4 ? hn::Load(d, delta + 2 * lanes) : d0;
    const auto d3 = kVectors == 4 ? hn::Load(d, delta + 3 * lanes) : d0;
    const auto add = [&](float x, auto& a0, auto& a1, auto& a2, auto& a3) {
      const auto v = hn::Set(d, x);
      a0 = hn::MulAdd(v, d0, a0);
      if constexpr (kVectors >= 2) a1 = hn::MulAdd(v, d1, a1);
      if constexpr (kVectors == 4) {
        a2 = hn::MulAdd(v, d2, a2);
        a3 = hn::MulAdd(v, d3, a3);
      }
    };
    add(value[0], c00, c01, c02, c03);
    add(value[1], c10, c11, c12, c13);
    add(value[2], c20, c21, c22, c23);
    add(value[3], c30, c31, c32, c33);
    value += kPatchPixels;
  }
  const auto end = [&](std::size_t r, auto a0, auto a1, auto a2, auto a3) {
    const std::size_t row = patch.features[r];
    epilogue.end(d, a0, row, column);
    if constexpr (kVectors >= 2) epilogue.end(d, a1, row, column + lanes);
    if constexpr (kVectors == 4) {
      epilogue.end(d, a2, row, column + 2 * lanes);
      epilogue.end(d, a3, row, column + 3 * lanes);
    }
  };
  end(0, c00, c01, c02, c03);
  end(1, c10, c11, c12, c13);
  end(2, c20, c21, c22, c23);
  end(3, c30, c31, c32, c33);
}

/// As many as the registers hold beside what streams by.
constexpr std::size_t kLitVectors = kTileRows == 8 ? 4 : 2;

/// Calls work(width, column) for stretches of 4, 2 and 1 vectors that make up the columns.
template <class Work>
HWY_INLINE void for_stretches(std::size_t columns, const Work& work) {
  const std::size_t lanes = hn::Lanes(Tag<float>());
  std::size_t column = 0;
  if constexpr (kLitVectors == 4) {
    for (; column + 4 * lanes <= columns; column += 4 * lanes) {
      work(std::integral_constant<int, 4>(), column);
    }
  }
  for (; column + 2 * lanes <= columns; column += 2 * lanes) {
    work(std::integral_constant<int, 2>(), column);
  }
  for (; column < columns; column += lanes) work(std::integral_constant<int, 1>(), column);
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
