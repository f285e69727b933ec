// The one product that all kernels are made of: C = epilogue(A · B), tile by tile in registers.
//
// Included once for each instruction set (hence no ordinary include guard). A tile of C, a few rows
// by two vectors, stays in registers while the inner index runs; each step loads two vectors of a
// row of B and multiplies them by one number of each row of A. Accumulators are named variables:
// vectors of unknown length (SVE) cannot stand in arrays.
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// At most the 64 bytes to which matrices are padded.
template <class T>
using Tag = hn::CappedTag<T, 64 / sizeof(T)>;

/// As many accumulators as the registers hold: 16 of 32, or 12 of 16.
constexpr std::size_t kTileRows =
    (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_EMU128) ? 6 : 8;

/// A(i, k) = data[i · row_step + k · inner_step]: a matrix or its transpose.
template <class T>
struct Left {
  const T* data;
  std::size_t row_step, inner_step;
};

/// Some columns of B, from the first of them: element (k, j) is data[k · stride + j].
template <class T>
struct Stretch {
  const T* data;
  std::size_t stride;
};

/// B, laid out anew where its rows are far apart: they are read once for every few rows of A, and
/// a stretch that is read in order comes faster (AVX2, 128 units: 213 to 208 ms an epoch; wide
/// layers, where every row is on a page of its own, far more).
template <class T>
struct Right {
  ConstMatrixView<T> matrix;
  MatrixView<T> panel;

  std::size_t inner() const { return matrix.rows(); }
  Stretch<T> stretch(std::size_t column, std::size_t width) const {
    constexpr std::size_t kFarApart = 256 / sizeof(T);
    if (matrix.stride <= kFarApart) return {matrix.data + column, matrix.stride};
    const Tag<T> d;
    for (std::size_t k = 0; k < inner(); ++k) {
      const T* from = matrix.row_data(k) + column;
      for (std::size_t j = 0; j < width; j += hn::Lanes(d)) {
        hn::Store(hn::Load(d, from + j), d, panel.data + k * width + j);
      }
    }
    return {panel.data, width};
  }
};

/// The transpose of `matrix`, which is laid out in the panel. Beyond its last row are zeros.
template <class T>
struct TransposedRight {
  ConstMatrixView<T> matrix;
  MatrixView<T> panel;

  std::size_t inner() const { return matrix.columns(); }
  Stretch<T> stretch(std::size_t column, std::size_t width) const {
    const std::size_t rows = std::min(width, matrix.rows() - std::min(matrix.rows(), column));
    // Block by block, so that both sides stay in the nearest cache.
    constexpr std::size_t kBlock = 128;
    for (std::size_t first = 0; first < inner(); first += kBlock) {
      const std::size_t end = std::min(first + kBlock, inner());
      for (std::size_t j = 0; j < rows; ++j) {
        const T* from = matrix.row_data(column + j);
        for (std::size_t k = first; k < end; ++k) panel.data[k * width + j] = from[k];
      }
      for (std::size_t k = first; k < end; ++k) {
        std::fill(panel.data + k * width + rows, panel.data + (k + 1) * width, T{0});
      }
    }
    return {panel.data, width};
  }
};

/// One tile: `rows` ≤ kTileRows rows from `row`, kVectors vectors from `column`, which `b` begins
/// with; sums of `inner` terms. Rows beyond the last repeat it and are not stored.
template <int kVectors, class T, class Epilogue>
HWY_INLINE void multiply_tile(const Left<T>& a, const Stretch<T>& b, std::size_t inner,
                              const Epilogue& epilogue, std::size_t row, std::size_t rows,
                              std::size_t column) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const T* first = a.data + row * a.row_step;
  const std::size_t last = rows - 1;
  const T* a0 = first;
  const T* a1 = first + std::min<std::size_t>(1, last) * a.row_step;
  const T* a2 = first + std::min<std::size_t>(2, last) * a.row_step;
  const T* a3 = first + std::min<std::size_t>(3, last) * a.row_step;
  const T* a4 = first + std::min<std::size_t>(4, last) * a.row_step;
  const T* a5 = first + std::min<std::size_t>(5, last) * a.row_step;
  const T* a6 = first + std::min<std::size_t>(6, last) * a.row_step;
  const T* a7 = first + std::min<std::size_t>(7, last) * a.row_step;
  const auto begin0 = epilogue.begin(d, column);
  const auto begin1 = epilogue.begin(d, kVectors == 2 ? column + lanes : column);
  auto c00 = begin0, c10 = begin0, c20 = begin0, c30 = begin0;
  auto c40 = begin0, c50 = begin0, c60 = begin0, c70 = begin0;
  auto c01 = begin1, c11 = begin1, c21 = begin1, c31 = begin1;
  auto c41 = begin1, c51 = begin1, c61 = begin1, c71 = begin1;

  const auto step = [&](const T* HWY_RESTRICT factor, auto b0, auto b1, auto& c0, auto& c1) {
    const auto f = hn::Set(d, *factor);
    c0 = hn::MulAdd(f, b0, c0);
    if constexpr (kVectors == 2) c1 = hn::MulAdd(f, b1, c1);
  };
  for (std::size_t i = 0; i < rows; ++i) epilogue.prefetch(row + i, column, kVectors * lanes);
  const T* HWY_RESTRICT b_row = b.data;
  for (std::size_t k = 0; k < inner; ++k, b_row += b.stride) {
    const auto b0 = hn::Load(d, b_row);
    const auto b1 = kVectors == 2 ? hn::Load(d, b_row + lanes) : b0;
    const std::size_t offset = k * a.inner_step;
    step(a0 + offset, b0, b1, c00, c01);
    step(a1 + offset, b0, b1, c10, c11);
    step(a2 + offset, b0, b1, c20, c21);
    step(a3 + offset, b0, b1, c30, c31);
    step(a4 + offset, b0, b1, c40, c41);
    step(a5 + offset, b0, b1, c50, c51);
    if constexpr (kTileRows > 6) {
      step(a6 + offset, b0, b1, c60, c61);
      step(a7 + offset, b0, b1, c70, c71);
    }
  }
  const auto store = [&](std::size_t i, auto c0, auto c1) {
    if (i >= rows) return;
    epilogue.end(d, c0, row + i, column);
    if constexpr (kVectors == 2) epilogue.end(d, c1, row + i, column + lanes);
  };
  store(0, c00, c01);
  store(1, c10, c11);
  store(2, c20, c21);
  store(3, c30, c31);
  store(4, c40, c41);
  store(5, c50, c51);
  if constexpr (kTileRows > 6) {
    store(6, c60, c61);
    store(7, c70, c71);
  }
}

/// C of `rows` rows and `columns` columns, in whole lines.
template <class T, class B, class Epilogue>
HWY_NOINLINE void multiply(const Left<T>& a, const B& b, const Epilogue& epilogue, std::size_t rows,
                           std::size_t columns) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto multiply_stretch = [&](auto vectors, std::size_t column) {
    const Stretch<T> stretch = b.stretch(column, vectors * lanes);
    for (std::size_t row = 0; row < rows; row += kTileRows) {
      multiply_tile<vectors>(a, stretch, b.inner(), epilogue, row, std::min(kTileRows, rows - row),
                             column);
    }
  };
  std::size_t column = 0;
  for (; column + 2 * lanes <= columns; column += 2 * lanes) {
    multiply_stretch(std::integral_constant<int, 2>(), column);
  }
  for (; column < columns; column += lanes) {
    multiply_stretch(std::integral_constant<int, 1>(), column);
  }
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
