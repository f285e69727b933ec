// Which examples train, which validate, which test.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "deltarule/data/dataset.h"

namespace deltarule {

enum class SplitMethod {
  /// Seeded; each class is divided in the same proportion. An official test part stays the test.
  kStratified,
  /// As the files have it: the official test part; validation is the tail of the training file.
  kOfficial,
  /// The report's: numpy.random.RandomState(69).permutation(60000), the first 48,000 train, the
  /// other 12,000 validate, the official test part tests. Does not depend on the seed.
  kPaper,
};

/// Rows of the data set, in the order in which they were drawn.
struct Split {
  std::vector<std::uint32_t> train, validation, test;
};

/// Fractions are of the rows outside the official test part, in (0, 1). A user's own validation
/// file is the validation part, and then nothing is drawn for it; without an official test part,
/// `test_fraction` is drawn first (kStratified) or cut from the tail (kOfficial).
/// Throws Error if a part or a class would be left empty, or if the method does not fit the data.
struct SplitOptions {
  SplitMethod method = SplitMethod::kStratified;
  double validation_fraction = 0.2;
  double test_fraction = 0.15;
};
Split split(const Dataset& data, const SplitOptions& options, std::uint64_t seed);

/// For each class, how many examples stand in {train, validation, test}.
std::vector<std::array<std::size_t, 3>> class_counts(const Dataset& data, const Split& split);

/// How many rows of `test` have exactly the features of some row of `train`.
std::size_t count_duplicates(const Dataset& data, const std::vector<std::uint32_t>& train,
                             const std::vector<std::uint32_t>& test);

}  // namespace deltarule
