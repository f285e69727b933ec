// One step of training: a batch in, a network changed.
//
// Here raw examples meet the network. A faster first layer, one that takes pixels as they are,
// takes the place of `normalize_rows` and of the first products in this file, and of nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/math/update_rule.h"
#include "deltarule/network/network.h"
#include "deltarule/training/options.h"

namespace deltarule {

/// Examples as they come: rows of a data set, and how they become inputs.
struct Batch {
  const Dataset& data;
  const Normalizer& normalizer;
  std::span<const std::uint32_t> rows;
};

/// Changes a network by SGD. Holds the velocity and all scratch; a step allocates nothing.
class Stepper {
 public:
  Stepper(const NetworkSpec& spec, const RunOptions& options);

  /// Forward, backward and update at rate α. Returns the data loss summed over the batch, from
  /// before the update.
  LossSum step(const Batch& batch, double learning_rate, Network<float>& network, ThreadTeam& team);

  /// ∂(data loss)/∂W, ∂b of `batch` at `network`, scaled as a step would scale it. The reference
  /// holds until the next call.
  const Gradients<float>& gradients(const Batch& batch, const Network<float>& network,
                                    ThreadTeam& team);

 private:
  LossSum pass(const Batch& batch, const Network<float>& network, ThreadTeam& team);
  UpdateRule<float> rule(std::size_t examples, double learning_rate) const;
  void update_biases(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                     std::size_t layer, Network<float>& network);

  RunOptions options_;
  Matrix<float> inputs_;
  std::vector<std::uint16_t> labels_;
  Workspace<float> workspace_;
  Network<float> velocity_;
  Gradients<float> gradients_;
};

}  // namespace deltarule
