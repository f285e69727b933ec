#include "deltarule/math/row_product.h"

#include <cassert>
#include <type_traits>

#include "deltarule/math/update_rule.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deltarule/math/row_product.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "deltarule/math/product-inl.h"
//
#include "deltarule/math/epilogues-inl.h"

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// Every row of the weights, and what it is multiplied by.
struct AllRows {
  const float* inputs;
  ConstMatrixView<float> weights;

  std::size_t count() const { return weights.rows(); }
  HWY_INLINE const float* row(std::size_t k) const { return weights.row_data(k); }
  HWY_INLINE float factor(std::size_t k) const { return inputs[k]; }
};

/// The rows of lit bytes.
struct LitRows {
  const std::uint8_t* bytes;
  std::span<const std::uint32_t> places;
  ConstMatrixView<float> weights;

  std::size_t count() const { return places.size(); }
  HWY_INLINE const float* row(std::size_t k) const { return weights.row_data(places[k]); }
  HWY_INLINE float factor(std::size_t k) const { return bytes[places[k]]; }
};

/// finish(column, sum) for kVectors vectors of Σ_k factor(k) · row(k) from `column`.
///
/// A multiplication that adds to a sum waits for the one before, and processors have about eight
/// under way at once. So there are always eight sums: a stretch of fewer vectors has several for
/// each, over every second, fourth or eighth row, which are added up in the end.
template <std::size_t kVectors, class Rows, class Finish>
HWY_INLINE void sum_stretch(const Rows& rows, std::size_t column, const Finish& finish) {
  constexpr std::size_t kStep = 8 / kVectors;
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto c0 = hn::Zero(d), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  const auto add_row = [&](std::size_t k, auto&... sums) {
    const auto factor = hn::Set(d, rows.factor(k));
    const float* weights = rows.row(k) + column;
    ((sums = hn::MulAdd(factor, hn::Load(d, weights), sums), weights += lanes), ...);
  };
  std::size_t k = 0;
  for (; k + kStep <= rows.count(); k += kStep) {
    if constexpr (kVectors == 8) {
      add_row(k, c0, c1, c2, c3, c4, c5, c6, c7);
    } else if constexpr (kVectors == 4) {
      add_row(k, c0, c1, c2, c3);
      add_row(k + 1, c4, c5, c6, c7);
    } else if constexpr (kVectors == 2) {
      add_row(k, c0, c1);
      add_row(k + 1, c2, c3);
      add_row(k + 2, c4, c5);
      add_row(k + 3, c6, c7);
    } else {
      add_row(k, c0);
      add_row(k + 1, c1);
      add_row(k + 2, c2);
      add_row(k + 3, c3);
      add_row(k + 4, c4);
      add_row(k + 5, c5);
      add_row(k + 6, c6);
      add_row(k + 7, c7);
    }
  }
  for (; k < rows.count(); ++k) {
    if constexpr (kVectors == 4) add_row(k, c0, c1, c2, c3);
    if constexpr (kVectors == 2) add_row(k, c0, c1);
    if constexpr (kVectors == 1) add_row(k, c0);
  }
  if constexpr (kVectors <= 4) {
    c0 = hn::Add(c0, c4);
    c1 = hn::Add(c1, c5);
    c2 = hn::Add(c2, c6);
    c3 = hn::Add(c3, c7);
  }
  if constexpr (kVectors <= 2) {
    c0 = hn::Add(c0, c2);
    c1 = hn::Add(c1, c3);
  }
  if constexpr (kVectors == 1) c0 = hn::Add(c0, c1);

  const auto end = [&](std::size_t j, auto sum) {
    if (j < kVectors) finish(column + j * lanes, sum);
  };
  end(0, c0);
  end(1, c1);
  end(2, c2);
  end(3, c3);
  end(4, c4);
  end(5, c5);
  end(6, c6);
  end(7, c7);
}

/// All columns, in stretches of 8, 4, 2 and 1 vectors.
template <class Rows, class Finish>
HWY_INLINE void sum_rows_of(const Rows& rows, const Finish& finish) {
  const std::size_t lanes = hn::Lanes(Tag<float>());
  const std::size_t end = rows.weights.stride;
  std::size_t column = 0;
  const auto take = [&](auto vectors) {
    for (; column + vectors * lanes <= end; column += vectors * lanes) {
      sum_stretch<vectors>(rows, column, finish);
    }
  };
  take(std::integral_constant<std::size_t, 8>());
  take(std::integral_constant<std::size_t, 4>());
  take(std::integral_constant<std::size_t, 2>());
  take(std::integral_constant<std::size_t, 1>());
}

/// After the sums, not vector by vector among them: with the function in each of the stretches the
/// code would be ten times as long.
void activate_row(Activation activation, MatrixView<float> outputs) {
  const Tag<float> d;
  for (std::size_t j = 0; j < outputs.stride; j += hn::Lanes(d)) {
    hn::Store(activate_vector(activation, d, hn::Load(d, outputs.data + j)), d, outputs.data + j);
  }
}

void affine_one(ConstMatrixView<float> inputs, ConstMatrixView<float> weights,
                const RowOutput& output) {
  const Tag<float> d;
  const float* biases = output.biases.data;
  float* outputs = output.outputs.data;
  sum_rows_of(AllRows{inputs.data, weights}, [&](std::size_t column, auto sum) {
    hn::Store(hn::Add(sum, hn::Load(d, biases + column)), d, outputs + column);
  });
  activate_row(output.activation, output.outputs);
}

void lit_affine_one(const LitRow& row, ConstMatrixView<float> weights,
                    ConstMatrixView<float> row_sum, const RowOutput& output) {
  const Tag<float> d;
  const auto scale = hn::Set(d, row.scale), shift = hn::Set(d, row.shift);
  const float* biases = output.biases.data;
  float* outputs = output.outputs.data;
  sum_rows_of(LitRows{row.bytes.data(), row.places, weights}, [&](std::size_t column, auto sum) {
    const auto constant =
        hn::NegMulAdd(shift, hn::Load(d, row_sum.data + column), hn::Load(d, biases + column));
    hn::Store(hn::MulAdd(scale, sum, constant), d, outputs + column);
  });
  activate_row(output.activation, output.outputs);
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(affine_one);
HWY_EXPORT(lit_affine_one);

void row_affine(ConstMatrixView<float> inputs, ConstMatrixView<float> weights,
                const RowOutput& output) {
  assert(inputs.columns() == weights.rows());
  assert(output.outputs.stride == weights.stride && output.biases.stride == weights.stride);
  HWY_DYNAMIC_DISPATCH(affine_one)(inputs, weights, output);
}

void lit_row_affine(const LitRow& row, ConstMatrixView<float> weights,
                    ConstMatrixView<float> row_sum, const RowOutput& output) {
  assert(row.bytes.size() == weights.rows() && row_sum.stride == weights.stride);
  assert(output.outputs.stride == weights.stride && output.biases.stride == weights.stride);
  HWY_DYNAMIC_DISPATCH(lit_affine_one)(row, weights, row_sum, output);
}

}  // namespace deltarule
#endif  // HWY_ONCE
