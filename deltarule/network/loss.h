// Softmax with cross-entropy, and penalties on the weights.
#pragma once

#include <cstdint>
#include <span>

#include "deltarule/network/network.h"

namespace deltarule {

/// −log softmax(logits)[label], by log-sum-exp; finite for any finite logits.
template <class T>
double cross_entropy(std::span<const T> logits, std::size_t label);

/// probabilities = softmax(logits), stably: exp(a − max a)/Σ. May be done in place.
template <class T>
void softmax(std::span<const T> logits, std::span<T> probabilities);

/// λ₁ Σ|w| + (λ₂/2) Σ w² over weights, never biases.
struct Penalty {
  double l1 = 0, l2 = 0;
};
template <class T>
double penalty_of(const Network<T>& network, const Penalty& penalty);

/// gradients += scale · (λ₁ sign(w) + λ₂ w), sign(0) = 0.
template <class T>
void add_penalty_gradient(const Network<T>& network, const Penalty& penalty, double scale,
                          Gradients<T>& gradients);

}  // namespace deltarule
