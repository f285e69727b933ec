#include "deltarule/data/normalizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <type_traits>

#include "deltarule/math/byte_row.h"

namespace deltarule {
namespace {

struct Moments {
  double mean = 0, deviation = 0;
};

// Sums of bytes are integers and therefore exact in any order; the last steps are in double. A
// constant set gives exactly 0: both products then round the same number.
Moments moments_of(const ByteSums& sums, std::size_t count) {
  const double n = static_cast<double>(count);
  const double s = static_cast<double>(sums.sum);
  const double numerator = n * static_cast<double>(sums.squares) - s * s;
  return {s / n, std::sqrt(std::max(numerator, 0.0)) / n};
}

// Two passes in order: no cancellation, and a constant row of floats gives exactly 0, because sums
// of up to 2^29 equal floats are exact in double.
Moments row_moments(std::span<const float> row) {
  double sum = 0, squares = 0;
  for (const float value : row) sum += value;
  const double mean = sum / static_cast<double>(row.size());
  for (const float value : row) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / static_cast<double>(row.size()))};
}

Moments row_moments(std::span<const std::uint8_t> row) {
  return moments_of(sum_bytes(row), row.size());
}

template <class T>
void standardize(std::span<const std::uint8_t> row, Moments moments, T* inputs) {
  const T mean = static_cast<T>(moments.mean);
  const T scale = moments.deviation > 0 ? static_cast<T>(1 / moments.deviation) : T{0};
  if constexpr (std::is_same_v<T, float>) {
    standardize_bytes(row, mean, scale, {inputs, row.size()});
  } else {
    for (std::size_t i = 0; i < row.size(); ++i)
      inputs[i] = (static_cast<T>(row[i]) - mean) * scale;
  }
}

// In double: the range of floats is wide enough for 1/σ to overflow.
template <class T>
void standardize(std::span<const float> row, Moments moments, T* inputs) {
  const double scale = moments.deviation > 0 ? 1 / moments.deviation : 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    inputs[i] = static_cast<T>((row[i] - moments.mean) * scale);
  }
}

template <class T, class Value>
void standardize_columns(const Normalizer& normalizer, std::span<const Value> row, T* inputs) {
  const float* mean = normalizer.mean.data();
  const float* deviation = normalizer.deviation.data();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const T centered = static_cast<T>(row[i]) - static_cast<T>(mean[i]);
    // The divisor is chosen, not the quotient, so that the loop has no branch.
    const T divisor = deviation[i] > 0 ? static_cast<T>(deviation[i]) : T{1};
    inputs[i] = deviation[i] > 0 ? centered / divisor : T{0};
  }
}

template <class T>
void copy_row(std::span<const std::uint8_t> row, T* inputs) {
  for (std::size_t i = 0; i < row.size(); ++i) inputs[i] = static_cast<T>(row[i]) / T{255};
}

template <class T>
void copy_row(std::span<const float> row, T* inputs) {
  std::copy(row.begin(), row.end(), inputs);
}

void append(Normalizer& normalizer, Moments moments) {
  normalizer.mean.push_back(static_cast<float>(moments.mean));
  normalizer.deviation.push_back(static_cast<float>(moments.deviation));
}

void fit_bytes(Normalizer& normalizer, const Dataset& data, std::span<const std::uint32_t> rows) {
  if (normalizer.kind == Normalization::kGlobal) {
    ByteSums total;
    for (const std::uint32_t row : rows) {
      const ByteSums sums = sum_bytes(data.bytes(row));
      total.sum += sums.sum;
      total.squares += sums.squares;
    }
    append(normalizer, moments_of(total, rows.size() * data.features));
    return;
  }
  std::vector<ByteSums> columns(data.features);
  for (const std::uint32_t row : rows) {
    const auto bytes = data.bytes(row);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      columns[i].sum += bytes[i];
      columns[i].squares += std::uint64_t{bytes[i]} * bytes[i];
    }
  }
  for (const ByteSums& sums : columns) append(normalizer, moments_of(sums, rows.size()));
}

void fit_floats(Normalizer& normalizer, const Dataset& data, std::span<const std::uint32_t> rows) {
  // One slot for all values, or one per column; two passes, as in row_moments.
  const bool global = normalizer.kind == Normalization::kGlobal;
  const std::size_t slots = global ? 1 : data.features;
  const std::size_t per_slot = rows.size() * (global ? data.features : 1);
  const double count = static_cast<double>(per_slot);
  std::vector<double> means(slots), squares(slots);
  for (const std::uint32_t row : rows) {
    const auto values = data.floats(row);
    for (std::size_t i = 0; i < values.size(); ++i) means[global ? 0 : i] += values[i];
  }
  for (double& mean : means) mean /= count;
  for (const std::uint32_t row : rows) {
    const auto values = data.floats(row);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double centered = values[i] - means[global ? 0 : i];
      squares[global ? 0 : i] += centered * centered;
    }
  }
  for (std::size_t i = 0; i < slots; ++i) {
    append(normalizer, {means[i], std::sqrt(squares[i] / count)});
  }
}

RowScale scale_of(Moments moments) {
  if (!(moments.deviation > 0)) return {};
  return {static_cast<float>(1 / moments.deviation),
          static_cast<float>(moments.mean / moments.deviation)};
}

}  // namespace

RowScale per_image_scale(std::span<const std::uint8_t> row) { return scale_of(row_moments(row)); }

RowScale common_scale(const Normalizer& normalizer) {
  assert(normalizer.kind == Normalization::kGlobal || normalizer.kind == Normalization::kNone);
  if (normalizer.kind == Normalization::kNone) return {1.0f / 255, 0};
  return scale_of({normalizer.mean[0], normalizer.deviation[0]});
}

Normalizer fit_normalizer(Normalization kind, const Dataset& data,
                          std::span<const std::uint32_t> training_rows) {
  Normalizer normalizer{kind, {}, {}};
  if (kind == Normalization::kPerImage || kind == Normalization::kNone) return normalizer;
  assert(!training_rows.empty());
  if (data.is_bytes()) {
    fit_bytes(normalizer, data, training_rows);
  } else {
    fit_floats(normalizer, data, training_rows);
  }
  return normalizer;
}

template <class T, class Value>
void normalize_row(const Normalizer& normalizer, std::span<const Value> row, std::span<T> inputs) {
  assert(inputs.size() == row.size());
  assert(normalizer.kind != Normalization::kPerFeature || normalizer.mean.size() == row.size());
  switch (normalizer.kind) {
    case Normalization::kPerImage:
      standardize(row, row_moments(row), inputs.data());
      break;
    case Normalization::kGlobal:
      standardize(row, {normalizer.mean[0], normalizer.deviation[0]}, inputs.data());
      break;
    case Normalization::kPerFeature:
      standardize_columns(normalizer, row, inputs.data());
      break;
    case Normalization::kNone:
      copy_row(row, inputs.data());
      break;
  }
}

namespace {

template <class Value>
void prefetch(std::span<const Value> row) {
  constexpr std::size_t kInALine = kLineBytes / sizeof(Value);
  for (std::size_t i = 0; i < row.size(); i += kInALine) __builtin_prefetch(&row[i]);
}

/// Rows lie all over the memory, so they are asked for while others are worked on.
constexpr std::size_t kAhead = 2;

/// `row_of(i)` is the row rows[i].
template <class T, class RowOf>
void normalize_all(const Normalizer& normalizer, std::size_t count, const RowOf& row_of,
                   MatrixView<T> inputs) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) prefetch(row_of(i + kAhead));
    normalize_row(normalizer, row_of(i), inputs.row(i));
  }
}

}  // namespace

template <class T>
void normalize_rows(const Normalizer& normalizer, const Dataset& data,
                    std::span<const std::uint32_t> rows, MatrixView<T> inputs) {
  assert(inputs.rows() >= rows.size() && inputs.columns() == data.features);
  if (data.is_bytes()) {
    normalize_all(
        normalizer, rows.size(), [&](std::size_t i) { return data.bytes(rows[i]); }, inputs);
  } else {
    normalize_all(
        normalizer, rows.size(), [&](std::size_t i) { return data.floats(rows[i]); }, inputs);
  }
}

#define DELTARULE_INSTANTIATE(T)                                                                  \
  template void normalize_row(const Normalizer&, std::span<const std::uint8_t>, std::span<T>);    \
  template void normalize_row(const Normalizer&, std::span<const float>, std::span<T>);           \
  template void normalize_rows(const Normalizer&, const Dataset&, std::span<const std::uint32_t>, \
                               MatrixView<T>);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
