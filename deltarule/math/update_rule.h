// One step of gradient descent for one parameter, in the form that the kernels fuse.
#pragma once

namespace deltarule {

/// With g = ∂loss/∂w of the batch, as the backward pass scales it:
///   g ← g + l1 sign(w) + l2 w                    (the penalty on the objective)
///   v ← momentum · v − rate · g
///   w ← w + v                                    (or w + momentum · v − rate · g with nesterov)
///   w ← w − direct_l1 sign(w₀) − direct_l2 w₀    (the direct penalty; w₀ is w before the step)
/// sign(0) = 0. Nesterov as Sutskever et al. 2013 rewrite it in the looked-ahead parameters.
template <class T>
struct UpdateRule {
  T rate = 0;
  T momentum = 0;
  bool nesterov = false;
  T l1 = 0, l2 = 0;
  T direct_l1 = 0, direct_l2 = 0;

  bool has_penalty() const { return l1 != 0 || l2 != 0 || direct_l1 != 0 || direct_l2 != 0; }
};

/// One step for one parameter w with velocity v.
template <class T>
void apply(const UpdateRule<T>& rule, T gradient, T& w, T& v) {
  const T before = w;
  const T sign = static_cast<T>((before > 0) - (before < 0));
  const T g = gradient + rule.l1 * sign + rule.l2 * before;
  const T step = rule.momentum * v - rule.rate * g;
  if (rule.momentum != 0) v = step;
  w += rule.nesterov ? rule.momentum * step - rule.rate * g : step;
  w -= rule.direct_l1 * sign + rule.direct_l2 * before;
}

/// The rule for parameters that no penalty touches: the biases.
template <class T>
UpdateRule<T> without_penalty(UpdateRule<T> rule) {
  rule.l1 = rule.l2 = rule.direct_l1 = rule.direct_l2 = 0;
  return rule;
}

}  // namespace deltarule
