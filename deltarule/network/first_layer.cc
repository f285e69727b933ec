#include "deltarule/network/first_layer.h"

#include <algorithm>
#include <cassert>

#include "deltarule/math/kernels.h"

namespace deltarule {
namespace {

/// So many examples ahead, memory is asked for what is needed: it takes as long as some of them
/// take to be listed, and more would be asked for at once than the processor can wait for.
constexpr std::size_t kAhead = 4;

void prefetch(std::span<const LitPatch> example) {
  const auto* bytes = reinterpret_cast<const char*>(example.data());
  for (std::size_t i = 0; i < example.size_bytes(); i += kLineBytes) __builtin_prefetch(bytes + i);
}

/// Lists the batch. First it is fetched where each example lies, then the example, then it is used.
void fill(const Batch& batch, const LitPixels& lit, PatchLists& lists) {
  const bool per_image = batch.normalizer.kind == Normalization::kPerImage;
  const RowScale common = per_image ? RowScale{} : common_scale(batch.normalizer);
  const std::span<const std::uint32_t> rows = batch.rows;
  lists.clear();
  for (std::size_t n = 0; n < rows.size() + 2 * kAhead; ++n) {
    if (n < rows.size()) __builtin_prefetch(&lit.examples[rows[n]]);
    if (n >= kAhead && n - kAhead < rows.size()) prefetch(lit.row(rows[n - kAhead]));
    if (n < 2 * kAhead) continue;
    const std::uint32_t row = rows[n - 2 * kAhead];
    const RowScale scale = per_image ? lit.examples[row].per_image : common;
    lists.add(lit.row(row), scale.scale, scale.shift);
  }
  lists.finish();
}

/// Means and deviations of their own for each column are no constant row: those stay dense.
bool takes_pixels(const Dataset& data, const Normalizer& normalizer) {
  return data.lit != nullptr && normalizer.kind != Normalization::kPerFeature;
}

}  // namespace

FirstLayer::FirstLayer(const NetworkSpec& spec, std::size_t capacity, int members)
    : spec_(spec), capacity_(capacity), own_(static_cast<std::size_t>(members)) {}

void FirstLayer::prepare(const Dataset& data, const Normalizer& normalizer) {
  const bool lit = takes_pixels(data, normalizer);
  if (!lit && inputs_.rows() == 0) {
    inputs_ = Matrix<float>(Shape{capacity_, spec_.inputs});
    for (Own& own : own_) own.panel = make_panel<float>(std::max(spec_.inputs, capacity_));
  }
  const int members = static_cast<int>(own_.size());
  for (int i = 0; i < members; ++i) {
    Own& own = own_[static_cast<std::size_t>(i)];
    if (lit && own.lit == data.lit) continue;
    own.lists.reset();
    own.lit = lit ? data.lit : nullptr;
    const std::size_t units = units_of(spec_.layers[0].units, {i, members}).size();
    if (lit) own.lists.emplace(data.lit->layout, capacity_, units);
  }
}

bool FirstLayer::is_prepared_for(const Batch& batch, const Member& member) const {
  const Own& own = own_[static_cast<std::size_t>(member.index)];
  const bool lit = takes_pixels(batch.data, batch.normalizer);
  return lit ? own.lit == batch.data.lit : own.lit == nullptr && inputs_.rows() > 0;
}

void FirstLayer::load(const Batch& batch, const Member& member) {
  assert(batch.rows.size() <= capacity_);
  if (member.count == 1 && !is_prepared_for(batch, member)) prepare(batch.data, batch.normalizer);
  assert(is_prepared_for(batch, member));
  Own& own = own_of(member);
  own.examples = batch.rows.size();
  if (own.lists) return fill(batch, *own.lit, *own.lists);
  member.wait();  // until nobody needs the batch before
  const Range rows = member.share(own.examples);
  normalize_rows(batch.normalizer, batch.data, batch.rows.subspan(rows.first, rows.size()),
                 inputs_.view().rows(rows.first, rows.size()));
  member.wait();
}

void FirstLayer::forward(ConstMatrixView<float> weights, ConstMatrixView<float> biases,
                         Activation activation, MatrixView<float> outputs, const Member& member) {
  Own& own = own_of(member);
  if (own.lists) {
    lit_affine(*own.lists, weights, biases, activation, outputs);
  } else {
    affine<float>(inputs_.view().rows(0, own.examples), weights, biases, activation, outputs,
                  own.panel.view());
  }
}

void FirstLayer::update(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
                        MatrixView<float> weights, MatrixView<float> velocity,
                        const Member& member) {
  Own& own = own_of(member);
  if (own.lists) {
    lit_update(*own.lists, deltas, rule, weights, velocity);
  } else {
    update_weights<float>(inputs_.view().rows(0, own.examples), deltas, rule, weights, velocity,
                          own.panel.view());
  }
}

}  // namespace deltarule
