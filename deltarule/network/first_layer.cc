#include "deltarule/network/first_layer.h"

#include <cassert>

#include "deltarule/math/kernels.h"

namespace deltarule {

FirstLayer::FirstLayer(const NetworkSpec& spec, std::size_t capacity)
    : inputs_(Shape{capacity, spec.inputs}),
      scratch_(Shape{1, spec.layers[0].units}),
      shifts_(capacity) {}

void FirstLayer::load(const Batch& batch) {
  assert(batch.rows.size() <= shifts_.size());
  examples_ = batch.rows.size();
  // Means and deviations of their own for each column are no constant row: those stay dense.
  const bool takes_pixels = batch.normalizer.kind != Normalization::kPerFeature;
  lit_ = takes_pixels ? batch.data.lit.get() : nullptr;
  if (lit_ != nullptr) {
    load_lit(batch);
  } else {
    normalize_rows(batch.normalizer, batch.data, batch.rows, inputs_.view().rows(0, examples_));
  }
}

void FirstLayer::load_lit(const Batch& batch) {
  const std::size_t patches = lit_->layout.patches();
  if (!lists_ || lists_->patches() != patches) lists_.emplace(patches, shifts_.size());
  lists_->clear();
  const bool per_image = batch.normalizer.kind == Normalization::kPerImage;
  const RowScale common = per_image ? RowScale{} : common_scale(batch.normalizer);
  for (std::size_t n = 0; n < examples_; ++n) {
    const std::uint32_t row = batch.rows[n];
    const RowScale scale = per_image ? lit_->per_image[row] : common;
    shifts_[n] = scale.shift;
    lists_->add(static_cast<std::uint32_t>(n), lit_->row(row), scale.scale);
  }
}

void FirstLayer::forward(const Layer<float>& layer, MatrixView<float> outputs, ThreadTeam& team) {
  if (lit_ != nullptr) {
    lit_affine(*lists_, lit_->layout, std::span(shifts_).first(examples_), layer.weights.view(),
               layer.biases.view(), layer.activation, outputs, scratch_.view(), team);
  } else {
    affine<float>(inputs_.view().rows(0, examples_), layer.weights.view(), layer.biases.view(),
                  layer.activation, outputs, team);
  }
}

void FirstLayer::update(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                        MatrixView<float> weights, MatrixView<float> velocity, ThreadTeam& team) {
  if (lit_ != nullptr) {
    lit_update(*lists_, lit_->layout, std::span(shifts_).first(examples_), deltas, rule, weights,
               velocity, scratch_.view(), team);
  } else {
    update_weights<float>(inputs_.view().rows(0, examples_), deltas, rule, weights, velocity, team);
  }
}

}  // namespace deltarule
