#include "deltarule/evaluation/predictor.h"

#include <utility>

#include "deltarule/base/error.h"
#include "deltarule/evaluation/metrics.h"
#include "deltarule/math/byte_row.h"
#include "deltarule/math/row_product.h"
#include "deltarule/network/loss.h"

namespace deltarule {
namespace {

/// Above this share of lit pixels it is quicker to multiply all than to skip some: the break-even
/// is at .95 with AVX-512, .82 with AVX2 and .77 with SSE4. It also bounds how much is lost where
/// the constant part of a sparse product is taken off: μ/σ of an image with a share f of lit pixels
/// is at most √(f/(1 − f)), which is 2.
constexpr double kMostLitPixels = 0.8;

[[noreturn]] void refuse(const char* what, const std::string& expected, const std::string& found) {
  throw Error({.what = what, .expected = expected, .found = found});
}

/// In double: the sum of many rows is as exact as each of them.
Matrix<float> sum_of_rows(const Matrix<float>& weights) {
  Matrix<float> result({1, weights.columns()});
  for (std::size_t j = 0; j < weights.columns(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.rows(); ++i) sum += weights(i, j);
    result(0, j) = static_cast<float>(sum);
  }
  return result;
}

RowOutput output_of(const Layer<float>& layer, Matrix<float>& outputs) {
  return {layer.biases.view(), layer.activation, outputs.view()};
}

}  // namespace

Predictor::Predictor(Model model)
    : network_(std::move(model.network)),
      normalizer_(std::move(model.normalizer)),
      classes_(std::move(model.classes)),
      takes_bytes_(model.byte_inputs) {
  if (takes_bytes_ && normalizer_.kind != Normalization::kPerFeature) {
    row_sum_ = sum_of_rows(network_.layers[0].weights);
  }
}

Predictor::Workspace::Workspace(const Predictor& predictor)
    : places_(predictor.can_be_sparse() ? predictor.inputs() + kLitSlack : 0),
      inputs_(Shape{1, predictor.inputs()}) {
  for (const LayerSpec& layer : predictor.network_.spec.layers) {
    outputs_.emplace_back(Shape{1, layer.units});
  }
}

std::size_t Predictor::predict(std::span<const std::uint8_t> pixels, Workspace& workspace,
                               std::span<float> probabilities, PredictionPath path) const {
  if (!takes_bytes_) refuse("the model takes other numbers than pixels", "floats", "bytes");
  require_sizes(pixels.size(), probabilities.size());
  if (path == PredictionPath::kSparse && !can_be_sparse()) {
    refuse("pixels of 0 cannot be skipped", "the path kAutomatic or kDense",
           "kSparse for a model that is normalized per feature");
  }
  if (path == PredictionPath::kDense || !can_be_sparse() ||
      !first_layer_sparse(pixels, workspace, path)) {
    first_layer_dense(pixels, workspace);
  }
  return rest(workspace, probabilities);
}

std::size_t Predictor::predict(std::span<const float> values, Workspace& workspace,
                               std::span<float> probabilities) const {
  if (takes_bytes_) refuse("the model takes pixels", "bytes", "floats");
  require_sizes(values.size(), probabilities.size());
  first_layer_dense(values, workspace);
  return rest(workspace, probabilities);
}

void Predictor::require_sizes(std::size_t values, std::size_t probabilities) const {
  if (values != inputs()) {
    refuse("the example does not fit the model", std::to_string(inputs()) + " features",
           std::to_string(values));
  }
  if (probabilities != 0 && probabilities != classes_.size()) {
    refuse("the probabilities do not fit the model", std::to_string(classes_.size()) + " classes",
           std::to_string(probabilities));
  }
}

bool Predictor::first_layer_sparse(std::span<const std::uint8_t> pixels, Workspace& workspace,
                                   PredictionPath path) const {
  const std::size_t lit = find_lit(pixels, workspace.places_);
  const double most = kMostLitPixels * static_cast<double>(pixels.size());
  if (path == PredictionPath::kAutomatic && static_cast<double>(lit) > most) return false;
  const RowScale scale = normalizer_.kind == Normalization::kPerImage ? per_image_scale(pixels)
                                                                      : common_scale(normalizer_);
  const std::span<const std::uint32_t> places(workspace.places_.data(), lit);
  lit_row_affine({pixels, places, scale.scale, scale.shift}, network_.layers[0].weights.view(),
                 row_sum_.view(), output_of(network_.layers[0], workspace.outputs_[0]));
  return true;
}

template <class Value>
void Predictor::first_layer_dense(std::span<const Value> values, Workspace& workspace) const {
  normalize_row(normalizer_, values, workspace.inputs_.row(0));
  row_affine(std::as_const(workspace.inputs_).view(), network_.layers[0].weights.view(),
             output_of(network_.layers[0], workspace.outputs_[0]));
}

std::size_t Predictor::rest(Workspace& workspace, std::span<float> probabilities) const {
  for (std::size_t l = 1; l < network_.layers.size(); ++l) {
    row_affine(std::as_const(workspace.outputs_[l - 1]).view(), network_.layers[l].weights.view(),
               output_of(network_.layers[l], workspace.outputs_[l]));
  }
  const std::span<const float> logits = std::as_const(workspace.outputs_.back()).row(0);
  if (!probabilities.empty()) softmax(logits, probabilities);
  return most_probable(logits);
}

}  // namespace deltarule
