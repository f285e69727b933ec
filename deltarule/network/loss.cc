#include "deltarule/network/loss.h"

#include <algorithm>
#include <cmath>

namespace deltarule {

template <class T>
double cross_entropy(std::span<const T> logits, std::size_t label) {
  const double greatest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const T a : logits) sum += std::exp(a - greatest);
  return std::log(sum) + greatest - logits[label];
}

template <class T>
void softmax(std::span<const T> logits, std::span<T> probabilities) {
  const T greatest = *std::max_element(logits.begin(), logits.end());
  T sum = 0;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    probabilities[k] = std::exp(logits[k] - greatest);
    sum += probabilities[k];
  }
  for (T& p : probabilities) p /= sum;
}

template <class T>
double penalty_of(const Network<T>& network, const Penalty& penalty) {
  double absolute = 0, squares = 0;
  for (const Layer<T>& layer : network.layers) {
    for (std::size_t i = 0; i < layer.weights.rows(); ++i) {
      for (const T w : layer.weights.row(i)) {
        absolute += std::abs(static_cast<double>(w));
        squares += static_cast<double>(w) * static_cast<double>(w);
      }
    }
  }
  return penalty.l1 * absolute + penalty.l2 / 2 * squares;
}

template <class T>
void add_penalty_gradient(const Network<T>& network, const Penalty& penalty, double scale,
                          Gradients<T>& gradients) {
  const T l1 = static_cast<T>(scale * penalty.l1), l2 = static_cast<T>(scale * penalty.l2);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Matrix<T>& weights = network.layers[l].weights;
    for (std::size_t i = 0; i < weights.rows(); ++i) {
      const std::span<T> gradient = gradients.layers[l].weights.row(i);
      for (std::size_t j = 0; j < weights.columns(); ++j) {
        const T w = weights(i, j);
        gradient[j] += l1 * static_cast<T>((w > 0) - (w < 0)) + l2 * w;
      }
    }
  }
}

#define DELTARULE_INSTANTIATE(T)                                  \
  template double cross_entropy(std::span<const T>, std::size_t); \
  template void softmax(std::span<const T>, std::span<T>);        \
  template double penalty_of(const Network<T>&, const Penalty&);  \
  template void add_penalty_gradient(const Network<T>&, const Penalty&, double, Gradients<T>&);
DELTARULE_INSTANTIATE(float)
DELTARULE_INSTANTIATE(double)
#undef DELTARULE_INSTANTIATE

}  // namespace deltarule
