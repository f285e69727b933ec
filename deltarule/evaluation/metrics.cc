#include "deltarule/evaluation/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace deltarule {
namespace {

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// A probability of 0 in float is one too small for float; its loss is large, not infinite.
double loss_of(float probability) {
  return -std::log(
      static_cast<double>(std::max(std::numeric_limits<float>::denorm_min(), probability)));
}

}  // namespace

std::size_t most_probable(std::span<const float> probabilities) {
  assert(!probabilities.empty());
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                  probabilities.begin());
}

std::vector<std::vector<std::size_t>> confusion_matrix(ConstMatrixView<float> probabilities,
                                                       std::span<const std::uint16_t> labels,
                                                       std::size_t classes) {
  assert(probabilities.rows() == labels.size() && probabilities.columns() <= classes);
  std::vector<std::vector<std::size_t>> counts(classes, std::vector<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    assert(labels[i] < classes);
    ++counts[labels[i]][most_probable(probabilities.row(i))];
  }
  return counts;
}

std::vector<ClassScore> class_scores(const std::vector<std::vector<std::size_t>>& confusion) {
  const std::size_t classes = confusion.size();
  std::vector<ClassScore> scores(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    std::size_t examples = 0, predictions = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      examples += confusion[c][other];
      predictions += confusion[other][c];
    }
    const std::size_t right = confusion[c][c];
    scores[c] = {examples, ratio(right, predictions), ratio(right, examples),
                 ratio(2 * right, predictions + examples)};
  }
  return scores;
}

std::vector<Mistake> mistakes_by_loss(ConstMatrixView<float> probabilities,
                                      std::span<const std::uint16_t> labels) {
  assert(probabilities.rows() == labels.size());
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::span<const float> row = probabilities.row(i);
    const std::size_t predicted = most_probable(row);
    if (predicted == labels[i]) continue;
    mistakes.push_back({i, labels[i], predicted, loss_of(row[labels[i]]), row[predicted]});
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.loss > b.loss; });
  return mistakes;
}

}  // namespace deltarule
