// What one row of bytes, such as a picture, is asked before it is multiplied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace deltarule {

/// Whole numbers, and therefore exact. Rows of up to 2^47 bytes do not overflow.
struct ByteSums {
  std::uint64_t sum = 0;      ///< Σ p
  std::uint64_t squares = 0;  ///< Σ p²
};
ByteSums sum_bytes(std::span<const std::uint8_t> row);

/// inputs[i] = (row[i] − mean) · scale; as many inputs as bytes.
void standardize_bytes(std::span<const std::uint8_t> row, float mean, float scale,
                       std::span<float> inputs);

/// `find_lit` may write this many numbers more than it finds.
inline constexpr std::size_t kLitSlack = 16;

/// places = the positions of the bytes that are not 0, in order; returns how many there are.
/// `places` has room for row.size() + kLitSlack numbers; row.size() is below 2^32.
std::size_t find_lit(std::span<const std::uint8_t> row, std::span<std::uint32_t> places);

}  // namespace deltarule
