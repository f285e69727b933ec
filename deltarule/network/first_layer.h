// Where raw examples meet a network: the first layer, on lit pixels or on normalized inputs.
//
// Both ways compute the same; which one is taken depends on the data set (data/lit_pixels.h) and on
// the normalization, never on the network, so the same model comes out up to rounding. Holds
// scratch and the batch that was loaded; belongs to one thread team at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/math/patches.h"
#include "deltarule/network/network.h"

namespace deltarule {

/// Examples as they come: rows of a data set, and how they become inputs. All outlive their use.
struct Batch {
  const Dataset& data;
  const Normalizer& normalizer;
  std::span<const std::uint32_t> rows;
};

/// Each member of a team calls `load` and what follows it with the same arguments.
class FirstLayer {
 public:
  /// For batches of up to `capacity` examples.
  FirstLayer(const NetworkSpec& spec, std::size_t capacity, int members = 1);

  /// Allocates what all members need for batches of this data set. Called by one thread before a
  /// team loads, since a member must not fail.
  void prepare(const Dataset& data, const Normalizer& normalizer);

  /// Gathers the batch that the functions below work on. Alone, it prepares too.
  void load(const Batch& batch, const Member& member);

  /// outputs = g(X Wᵀ + b) for the loaded batch; outputs has a row for each example. Weights,
  /// biases and outputs are those of the member's own units.
  void forward(ConstMatrixView<float> weights, ConstMatrixView<float> biases, Activation activation,
               MatrixView<float> outputs, const Member& member);

  /// One step of `rule` with dW = δᵀ X, for the member's own units.
  void update(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
              MatrixView<float> weights, MatrixView<float> velocity, const Member& member);

 private:
  /// Every member has lists of its own: to share them would cost more than to make them.
  struct alignas(128) Own {
    std::shared_ptr<const LitPixels> lit;  // what the lists are for; null if inputs are normalized
    std::optional<PatchLists> lists;
    std::size_t examples = 0;
    Matrix<float> panel;  // of dense products; only where they are taken
  };

  bool is_prepared_for(const Batch& batch, const Member& member) const;
  Own& own_of(const Member& member) { return own_[static_cast<std::size_t>(member.index)]; }

  NetworkSpec spec_;
  std::size_t capacity_;
  Matrix<float> inputs_;  // normalized; only where pixels are not taken as they are
  std::vector<Own> own_;
};

}  // namespace deltarule
