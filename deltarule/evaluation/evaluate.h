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

/// Scratch for passes of a fixed number of rows at a time; reuse it to allocate nothing. Threads
/// divide the rows, and each has a part of its own.
struct EvaluationWorkspace {
  explicit EvaluationWorkspace(const NetworkSpec& spec, int threads = 1);

  struct alignas(128) Own {
    FirstLayer first;
    Workspace<float> pass;
    std::vector<std::uint16_t> labels;
  };
  std::vector<Own> own;
  std::vector<LossSum> sums;  ///< of each stretch of rows
};

/// The logits of up to own.pass.capacity rows; they lie in `own`.
ConstMatrixView<float> forward(const Network<float>& network, const Batch& batch,
                               EvaluationWorkspace::Own& own);

/// On as many threads as both the team and the workspace have. Sums are formed stretch by stretch
/// in order: the same bits at any number of threads.
Score evaluate(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team);

/// softmax outputs (rows, classes) in the order of `rows`.
Matrix<float> predict(const Network<float>& network, const Dataset& data,
                      const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                      ThreadTeam& team);

}  // namespace deltarule
