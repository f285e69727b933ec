// Figures that describe predictions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/math/matrix.h"

namespace deltarule {

/// The class of greatest probability, the lowest index among equals.
std::size_t most_probable(std::span<const float> probabilities);

/// counts[truth][predicted].
std::vector<std::vector<std::size_t>> confusion_matrix(ConstMatrixView<float> probabilities,
                                                       std::span<const std::uint16_t> labels,
                                                       std::size_t classes);

/// 0 where nothing was predicted, or nothing was there to find.
struct ClassScore {
  std::size_t examples = 0;  ///< of this true class
  double precision = 0, recall = 0, f1 = 0;
};
std::vector<ClassScore> class_scores(const std::vector<std::vector<std::size_t>>& confusion);

/// A wrong prediction: `row` is a position in `probabilities`.
struct Mistake {
  std::size_t row = 0;
  std::size_t truth = 0, predicted = 0;
  double loss = 0;         ///< cross-entropy, in nats
  double probability = 0;  ///< of what was predicted
};

/// All mistakes, the greatest loss first.
std::vector<Mistake> mistakes_by_loss(ConstMatrixView<float> probabilities,
                                      std::span<const std::uint16_t> labels);

}  // namespace deltarule
