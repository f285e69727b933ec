// Where raw examples meet a network: the first layer, on lit pixels or on normalized inputs.
//
// Both ways compute the same; which one is taken depends on the data set (data/lit_pixels.h) and on
// the normalization, never on the network, so the same model comes out up to rounding. Holds
// scratch and the batch that was loaded; belongs to one thread team at a time.
#pragma once

#include <cstdint>
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

class FirstLayer {
 public:
  /// For batches of up to `capacity` examples.
  FirstLayer(const NetworkSpec& spec, std::size_t capacity);

  /// Gathers the batch that the functions below work on.
  void load(const Batch& batch);

  /// outputs = g(X Wᵀ + b) for the loaded batch; outputs has a row for each example.
  void forward(const Layer<float>& layer, MatrixView<float> outputs, ThreadTeam& team);

  /// One step of `rule` with dW = δᵀ X.
  void update(ConstMatrixView<float> deltas, const UpdateRule<float>& rule,
              MatrixView<float> weights, MatrixView<float> velocity, ThreadTeam& team);

 private:
  void load_lit(const Batch& batch);

  Matrix<float> inputs_;   // normalized; filled only where pixels are not taken as they are
  Matrix<float> scratch_;  // one row of units
  std::optional<PatchLists> lists_;  // made when first needed
  std::vector<float> shifts_;
  const LitPixels* lit_ = nullptr;  // of the loaded batch; null if it is normalized
  std::size_t examples_ = 0;
};

}  // namespace deltarule
