// Digits that a seeded pen writes: a data set that needs no network.
#pragma once

#include <cstdint>
#include <span>

#include "deltarule/data/dataset.h"

namespace deltarule {

inline constexpr std::size_t kDigitSide = 28;

/// One digit, 0 … 9, as MNIST has them: 28×28 bytes, bright on 0, centred by mass. Depends on its
/// arguments only; the same bits on any machine.
void draw_digit(int digit, std::uint64_t seed, std::uint32_t index, std::span<std::uint8_t> pixels);

/// `count` images, of which the last seventh is the official test part. Classes take turns in a
/// seeded order, so each part has the same number of each class, give or take one.
Dataset make_synthetic_digits(std::size_t count = 70000, std::uint64_t seed = 1);

}  // namespace deltarule
