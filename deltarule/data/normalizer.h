// How raw features become a network's inputs. Fitted on the training part alone; part of the model.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/math/matrix.h"

namespace deltarule {

enum class Normalization {
  kPerImage,    ///< x = (p − μ)/σ with the mean and population deviation of that row
  kGlobal,      ///< one μ and σ for all values of the training part
  kPerFeature,  ///< a μ and σ for each column of the training part
  kNone,        ///< bytes divided by 255, other values as they are
};

/// σ = 0 (a constant image, set or column) gives zeros, never a division by zero.
struct Normalizer {
  Normalization kind = Normalization::kPerImage;
  std::vector<float> mean;       ///< empty, 1 or `features` values, in raw units
  std::vector<float> deviation;  ///< as many; 0 marks a constant
};

Normalizer fit_normalizer(Normalization kind, const Dataset& data,
                          std::span<const std::uint32_t> training_rows);

/// A row's normalization as x = p · scale − shift for each of its pixels p.
struct RowScale {
  float scale = 0, shift = 0;
};

/// Of kPerImage, for a row of bytes.
RowScale per_image_scale(std::span<const std::uint8_t> row);

/// Of kGlobal and kNone on bytes, the same for every row.
RowScale common_scale(const Normalizer& normalizer);

/// inputs = one row, normalized; as many as there are in the row. Value is std::uint8_t (pixels) or
/// float, T is float or double.
template <class T, class Value>
void normalize_row(const Normalizer& normalizer, std::span<const Value> row, std::span<T> inputs);

/// inputs(i, :) = the normalized row rows[i]. `inputs` has at least rows.size() rows and exactly
/// data.features columns; T is float or double.
template <class T>
void normalize_rows(const Normalizer& normalizer, const Dataset& data,
                    std::span<const std::uint32_t> rows, MatrixView<T> inputs);

}  // namespace deltarule
