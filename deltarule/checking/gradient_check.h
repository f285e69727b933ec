// The backward pass against centred differences, in double.
//
// numeric = (E(w + ε) − E(w − ε)) / 2ε for a parameter w; its own error is (ε²/6)|E‴|, so over a
// sweep of ε the relative error falls a hundredfold per decade until rounding takes over: the V.
//
// Logits come from the `forward` that trains, instantiated in double; the loss is summed from them
// with a small relative error. What lies before the layer of a parameter does not change with it,
// so each loss is computed from that layer on. Pure functions: any thread may call them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "deltarule/network/loss.h"
#include "deltarule/network/network.h"

namespace deltarule {

struct GradientCheckOptions {
  std::vector<double> epsilons = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8};
  double gate_epsilon = 1e-4;     ///< one of epsilons
  double gate = 1e-7;             ///< relative error at gate_epsilon that still passes
  std::size_t per_tensor = 1000;  ///< entries sampled from each tensor; 0 = all of them
  /// At the other epsilons, which draw the V, so many of that sample suffice; 0 = all of it.
  std::size_t per_tensor_in_sweep = 200;
  Penalty penalty;         ///< checked apart from the data loss, if not zero
  std::uint64_t seed = 1;  ///< of the sample
};

/// Of one tensor at one ε: ‖a − n‖ / (‖a‖ + ‖n‖) over the entries compared; 0 if both are 0.
struct TensorCheck {
  std::string tensor;  ///< "layer 1 weights", "layer 2 biases", …
  double epsilon = 0;
  double relative_error = 0;
  std::size_t entries = 0;  ///< of the tensor
  std::size_t compared = 0;
  /// Sampled but skipped: between w − ε and w + ε some ReLU unit turns on or off for some example,
  /// or, in the penalty, |w| has its kink.
  std::size_t kinks = 0;
};

struct GradientCheck {
  std::string network;               ///< its spec
  std::vector<TensorCheck> tensors;  ///< every tensor at every ε
  std::vector<TensorCheck> penalty;  ///< the penalty alone, every tensor at gate_epsilon
  double worst_relative_error = 0;   ///< over tensors and penalty at gate_epsilon
  bool passed = false;  ///< worst_relative_error < gate, and of each tensor something was compared
};

/// Computes all gradients of the summed data loss. The default is the network's own backward pass;
/// tests hand in broken ones.
using BackwardPass =
    std::function<void(const Network<double>&, ConstMatrixView<double> inputs,
                       std::span<const std::uint16_t> labels, Gradients<double>& gradients)>;
BackwardPass own_backward_pass();

GradientCheck check_gradients(const Network<double>& network, ConstMatrixView<double> inputs,
                              std::span<const std::uint16_t> labels,
                              const GradientCheckOptions& options,
                              const BackwardPass& backward_pass = own_backward_pass());

/// One of the report's own six entries, for one example, at one ε.
struct EntryCheck {
  std::string location;  ///< as the report names it: "Input to Hidden (0, 0)"
  double numeric = 0, backward = 0, difference = 0;
};
/// Requires a network with exactly one hidden layer, and one example. In the report's order; (i, j)
/// is input i of unit j, and a bias is the row behind the last input. An entry that a hidden layer
/// of one unit does not have is left out.
std::vector<EntryCheck> check_report_entries(
    const Network<double>& network, ConstMatrixView<double> input, std::uint16_t label,
    double epsilon, const BackwardPass& backward_pass = own_backward_pass());

}  // namespace deltarule
