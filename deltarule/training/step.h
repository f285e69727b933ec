// One step of training: a batch in, a network changed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/math/update_rule.h"
#include "deltarule/network/first_layer.h"
#include "deltarule/network/network.h"
#include "deltarule/training/options.h"

namespace deltarule {

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
  FirstLayer first_;
  std::vector<std::uint16_t> labels_;
  Workspace<float> workspace_;
  Network<float> velocity_;
  Gradients<float> gradients_;
};

}  // namespace deltarule
