#include "deltarule/evaluation/evaluate.h"

#include <algorithm>

#include "deltarule/network/loss.h"

namespace deltarule {
namespace {

/// Large enough to keep the kernels busy, small enough for the activations to stay in cache.
constexpr std::size_t kRowsAtATime = 256;

/// Calls use(stretch, own) for each stretch of rows, when their logits lie in own.pass.
template <class Use>
void pass_over(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team, const Use& use) {
  const std::size_t stretches = (rows.size() + kRowsAtATime - 1) / kRowsAtATime;
  const int members = static_cast<int>(std::clamp<std::size_t>(
      stretches, 1, std::min(workspace.own.size(), static_cast<std::size_t>(team.size()))));
  for (int i = 0; i < members; ++i) {
    workspace.own[static_cast<std::size_t>(i)].first.prepare(data, normalizer);
  }
  team.run(members, [&](const Member& member) {
    EvaluationWorkspace::Own& own = workspace.own[static_cast<std::size_t>(member.index)];
    const Range mine = member.share(stretches);
    for (std::size_t stretch = mine.first; stretch < mine.end; ++stretch) {
      const std::size_t first = stretch * kRowsAtATime;
      const auto part = rows.subspan(first, std::min(kRowsAtATime, rows.size() - first));
      use(stretch, part, forward(network, {data, normalizer, part}, own), own);
    }
  });
}

}  // namespace

EvaluationWorkspace::EvaluationWorkspace(const NetworkSpec& spec, int threads) {
  for (int i = 0; i < threads; ++i) {
    own.push_back({FirstLayer(spec, kRowsAtATime), Workspace<float>(spec, kRowsAtATime),
                   std::vector<std::uint16_t>(kRowsAtATime)});
  }
}

ConstMatrixView<float> forward(const Network<float>& network, const Batch& batch,
                               EvaluationWorkspace::Own& own) {
  const std::size_t n = batch.rows.size();
  const Layer<float>& first = network.layers[0];
  own.first.load(batch, {});
  own.first.forward(first.weights.view(), first.biases.view(), first.activation,
                    first_outputs(own.pass, n, {}), {});
  return forward_from_first(network, n, own.pass);
}

Score evaluate(const Network<float>& network, const Dataset& data, const Normalizer& normalizer,
               std::span<const std::uint32_t> rows, EvaluationWorkspace& workspace,
               ThreadTeam& team) {
  if (rows.empty()) return {};
  workspace.sums.assign((rows.size() + kRowsAtATime - 1) / kRowsAtATime, {});
  const auto add = [&](std::size_t stretch, std::span<const std::uint32_t> part,
                       ConstMatrixView<float> logits, EvaluationWorkspace::Own& own) {
    for (std::size_t i = 0; i < part.size(); ++i) own.labels[i] = data.labels[part[i]];
    workspace.sums[stretch] = softmax_loss<float>(logits, std::span(own.labels).first(part.size()),
                                                  1, {}, own.pass.own[0].losses.view());
  };
  pass_over(network, data, normalizer, rows, workspace, team, add);
  LossSum sum;
  for (const LossSum& part : workspace.sums) {
    sum.loss += part.loss;
    sum.correct += part.correct;
  }
  const double count = static_cast<double>(rows.size());
  return {sum.loss / count, static_cast<double>(sum.correct) / count};
}

Matrix<float> predict(const Network<float>& network, const Dataset& data,
                      const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                      ThreadTeam& team) {
  EvaluationWorkspace workspace(network.spec, team.size());
  Matrix<float> probabilities({rows.size(), network.spec.classes()});
  const auto fill = [&](std::size_t stretch, std::span<const std::uint32_t> part,
                        ConstMatrixView<float> logits, EvaluationWorkspace::Own&) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      softmax(logits.row(i), probabilities.row(stretch * kRowsAtATime + i));
    }
  };
  pass_over(network, data, normalizer, rows, workspace, team, fill);
  return probabilities;
}

}  // namespace deltarule
