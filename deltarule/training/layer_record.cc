#include "deltarule/training/layer_record.h"

#include <algorithm>
#include <cmath>

namespace deltarule {
namespace {

/// How near to a bound an output counts as saturated.
constexpr float kNearBound = 0.01f;

double norm(const Matrix<float>& matrix) {
  double squares = 0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (const float x : matrix.row(i)) squares += static_cast<double>(x) * x;
  }
  return std::sqrt(squares);
}

bool is_saturated(Activation activation, float z) {
  if (activation == Activation::kTanh) return std::abs(z) > 1 - kNearBound;
  if (activation == Activation::kSigmoid) return z < kNearBound || z > 1 - kNearBound;
  return false;
}

double dead_share(ConstMatrixView<float> outputs) {
  std::size_t dead = 0;
  for (std::size_t j = 0; j < outputs.columns(); ++j) {
    bool fires = false;
    for (std::size_t n = 0; n < outputs.rows() && !fires; ++n) fires = outputs(n, j) > 0;
    dead += !fires;
  }
  return static_cast<double>(dead) / static_cast<double>(outputs.columns());
}

double saturated_share(Activation activation, ConstMatrixView<float> outputs) {
  std::size_t saturated = 0;
  for (std::size_t n = 0; n < outputs.rows(); ++n) {
    for (const float z : outputs.row(n)) saturated += is_saturated(activation, z);
  }
  return static_cast<double>(saturated) / static_cast<double>(outputs.shape.size());
}

}  // namespace

void fill_norms(const Network<float>& network, const Gradients<float>& gradients,
                std::vector<LayerRecord>& records) {
  for (std::size_t l = 0; l < records.size(); ++l) {
    records[l].weight_norm = norm(network.layers[l].weights);
    records[l].gradient_norm = norm(gradients.layers[l].weights);
  }
}

void add_unit_shares(const Network<float>& network, const Dataset& data,
                     const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                     EvaluationWorkspace& workspace, std::vector<LayerRecord>& records) {
  EvaluationWorkspace::Own& own = workspace.own[0];
  const std::size_t count = std::min(rows.size(), own.pass.capacity);
  forward(network, {data, normalizer, rows.first(count)}, own);
  // The logits have no bound to be near to.
  for (std::size_t l = 0; l + 1 < records.size(); ++l) {
    const Activation activation = network.layers[l].activation;
    const ConstMatrixView<float> outputs = own.pass.outputs[l].view().rows(0, count);
    if (activation == Activation::kRelu) records[l].dead_share = dead_share(outputs);
    records[l].saturated_share = saturated_share(activation, outputs);
  }
}

}  // namespace deltarule
