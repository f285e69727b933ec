#include "deltarule/evaluation/evaluate.h"

#include <algorithm>

#include "deltarule/evaluation/metrics.h"
#include "deltarule/network/loss.h"

namespace deltarule {
namespace {

/// Large enough to keep the kernels busy, small enough for the activations to stay in cache.
constexpr std::size_t kRowsAtATime = 256;

/// Calls use(first, logits) for each stretch of rows in order.
template <class Use>
void pass_over(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team, const Use& use) {
  for (std::size_t first = 0; first < rows.size(); first += kRowsAtATime) {
    const std::size_t count = std::min(kRowsAtATime, rows.size() - first);
    use(first, forward(network, {data, normalizer, rows.subspan(first, count)}, workspace, team));
  }
}

}  // namespace

EvaluationWorkspace::EvaluationWorkspace(const NetworkSpec& spec)
    : first(spec, kRowsAtATime), pass(spec, kRowsAtATime) {}

ConstMatrixView<float> forward(const Network<float>& network, const Batch& batch,
                               EvaluationWorkspace& workspace, ThreadTeam& team) {
  const std::size_t n = batch.rows.size();
  workspace.first.load(batch);
  workspace.first.forward(network.layers[0], workspace.pass.outputs[0].view().rows(0, n), team);
  return forward_from_first(network, n, workspace.pass, team);
}

Score evaluate(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team) {
  if (rows.empty()) return {};
  double loss = 0;
  std::size_t correct = 0;
  const auto add = [&](std::size_t first, ConstMatrixView<float> logits) {
    for (std::size_t i = 0; i < logits.rows(); ++i) {
      const std::uint16_t label = data.labels[rows[first + i]];
      loss += cross_entropy(logits.row(i), label);
      correct += most_probable(logits.row(i)) == label;
    }
  };
  pass_over(network, data, normalizer, rows, workspace, team, add);
  const double count = static_cast<double>(rows.size());
  return {loss / count, static_cast<double>(correct) / count};
}

Matrix<float> predict(const Network<float>& network, const Dataset& data,
                      const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                      ThreadTeam& team) {
  EvaluationWorkspace workspace(network.spec);
  Matrix<float> probabilities({rows.size(), network.spec.classes()});
  const auto fill = [&](std::size_t first, ConstMatrixView<float> logits) {
    for (std::size_t i = 0; i < logits.rows(); ++i) {
      softmax(logits.row(i), probabilities.row(first + i));
    }
  };
  pass_over(network, data, normalizer, rows, workspace, team, fill);
  return probabilities;
}

}  // namespace deltarule
