// What a network says about a part of a data set. Always the whole part, without penalty.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/data/normalizer.h"
#include "deltarule/network/first_layer.h"
#include "deltarule/network/network.h"

namespace deltarule {

/// Means over the rows.
struct Score {
  double loss = 0;      ///< cross-entropy, in nats
  double accuracy = 0;  ///< in [0, 1]
};

/// Scratch for passes of a fixed number of rows at a time; reuse it to allocate nothing.
struct EvaluationWorkspace {
  explicit EvaluationWorkspace(const NetworkSpec& spec);
  FirstLayer first;
  Workspace<float> pass;
};

/// The logits of up to workspace.pass.capacity rows; they lie in the workspace.
ConstMatrixView<float> forward(const Network<float>& network, const Batch& batch,
                               EvaluationWorkspace& workspace, ThreadTeam& team);

/// Sums are formed row by row in order: the same bits at any number of threads.
Score evaluate(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team);

/// softmax outputs (rows, classes) in the order of `rows`.
Matrix<float> predict(const Network<float>& network, const Dataset& data,
                      const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                      ThreadTeam& team);

}  // namespace deltarule
