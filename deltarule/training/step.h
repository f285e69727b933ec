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
///
/// Threads divide the units of each layer. Through one hidden layer they meet once in a step: a
/// unit's weights, outputs, deltas and velocity are touched by its owner alone, and only the
/// owners' parts of the logits are exchanged. (Twice more where they share the work to normalize.)
class Stepper {
 public:
  Stepper(const NetworkSpec& spec, const RunOptions& options, int members = 1);

  /// Allocates what is needed for this data set; before several members step.
  void prepare(const Dataset& data, const Normalizer& normalizer) {
    first_.prepare(data, normalizer);
  }

  // Each of `members` threads calls these with the same arguments, and there are no fewer of them.

  /// Before the first step, and after others changed the network: a member of a team copies what it
  /// owns of the first layer's weights. Threads that changed neighboring parts of the same rows
  /// would slow each other down. Alone, a thread works on the network itself.
  void take(const Network<float>& network, const Member& member);

  /// After the last step, and before others read the network.
  void give_back(Network<float>& network, const Member& member) const;

  /// Forward, backward and update at rate α. Returns the data loss summed over the batch, from
  /// before the update.
  LossSum step(const Batch& batch, double learning_rate, Network<float>& network,
               const Member& member = {});

  /// ∂(data loss)/∂W, ∂b of `batch` at `network`, scaled as a step would scale it. The reference
  /// holds until the next call.
  const Gradients<float>& gradients(const Batch& batch, const Network<float>& network,
                                    const Member& member = {});

 private:
  struct alignas(128) Own {
    Matrix<float> weights, velocity;  ///< a member's part of the first layer; empty if it is alone
    std::vector<std::uint16_t> labels;
  };
  Own& own_of(const Member& member) { return own_[static_cast<std::size_t>(member.index)]; }
  MatrixView<float> panel_of(const Member& member) {
    return workspace_.own[static_cast<std::size_t>(member.index)].panel.view();
  }

  /// What a step changes: the network and its velocity, or gradients.
  struct Target {
    MatrixView<float> first_weights, first_velocity;
    Network<float>& network;
  };

  LossSum pass(const Batch& batch, const Network<float>& network, const Member& member);
  UpdateRule<float> rule(std::size_t examples, double learning_rate) const;
  void update(std::size_t examples, const UpdateRule<float>& rule, const Target& target,
              const Member& member);
  void update_output(std::size_t examples, const UpdateRule<float>& rule, Layer<float>& layer,
                     const Member& member);
  void update_biases(std::size_t l, ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                     Range units, Layer<float>& layer);

  RunOptions options_;
  FirstLayer first_;
  Workspace<float> workspace_;
  std::vector<Own> own_;
  Network<float> velocity_;
  Gradients<float> gradients_;
  std::vector<Matrix<float>> bias_sums_;
};

/// How many threads of a team are worth having for steps of `batch` examples: too small a share of
/// a step takes less time than to wait for the others.
int useful_members(const NetworkSpec& spec, std::size_t batch, int threads);

}  // namespace deltarule
