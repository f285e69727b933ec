// A trained model that answers about one example at a time, as fast as it can.
//
// A Predictor does not change once it is made, so any number of threads may share one; what a
// prediction computes lies in a Workspace, of which each thread has its own and which it uses again
// and again. A prediction allocates nothing. It agrees with `predict` of evaluate.h up to rounding,
// and gives the same bits each time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deltarule/network/model_file.h"

namespace deltarule {

/// How pixels go through the first layer. Both ways give the same up to rounding.
enum class PredictionPath {
  kAutomatic,  ///< sparse, unless nearly all pixels are lit or the model rules it out
  kSparse,     ///< pixels of 0 are skipped
  kDense,      ///< every input is normalized and multiplied
};

class Predictor {
 public:
  /// Takes of `model` what prediction needs; the model is not needed afterwards.
  explicit Predictor(Model model);

  /// Scratch for one prediction at a time by `predictor` or a copy of it.
  class Workspace {
   public:
    explicit Workspace(const Predictor& predictor);

   private:
    friend class Predictor;
    std::vector<std::uint32_t> places_;   // of the lit pixels
    Matrix<float> inputs_;                // (1, inputs), normalized
    std::vector<Matrix<float>> outputs_;  // (1, units) of each layer; of the last, the logits
  };

  /// The features of an example: height times width for pictures.
  std::size_t inputs() const { return network_.spec.inputs; }
  /// The names of the classes, in the order of probabilities.
  const std::vector<std::string>& classes() const { return classes_; }
  /// Whether the model takes pixels (bytes of 0 to 255), or other numbers (floats).
  bool takes_bytes() const { return takes_bytes_; }
  /// Whether kSparse is possible: pixels, and not normalized per feature.
  bool can_be_sparse() const { return row_sum_.columns() > 0; }

  /// The index of the most probable class, the lowest among equals. `pixels` holds `inputs()`
  /// numbers as they are in a data set, row by row, not normalized. The probabilities of all
  /// classes go to `probabilities`, unless that is empty.
  ///
  /// Throws Error if the model does not take bytes, if a span has another size, or if the path is
  /// kSparse and cannot be.
  std::size_t predict(std::span<const std::uint8_t> pixels, Workspace& workspace,
                      std::span<float> probabilities = {},
                      PredictionPath path = PredictionPath::kAutomatic) const;

  /// The same for a model that was trained on a table of numbers; always dense.
  std::size_t predict(std::span<const float> values, Workspace& workspace,
                      std::span<float> probabilities = {}) const;

 private:
  void require_sizes(std::size_t values, std::size_t probabilities) const;
  /// False, and nothing done, if kAutomatic finds too many lit pixels.
  bool first_layer_sparse(std::span<const std::uint8_t> pixels, Workspace& workspace,
                          PredictionPath path) const;
  template <class Value>
  void first_layer_dense(std::span<const Value> values, Workspace& workspace) const;
  /// The layers after the first, and the answer.
  std::size_t rest(Workspace& workspace, std::span<float> probabilities) const;

  Network<float> network_;
  Normalizer normalizer_;
  std::vector<std::string> classes_;
  bool takes_bytes_;
  Matrix<float> row_sum_;  // (1, units) of the first layer's weights; empty if it cannot be sparse
};

}  // namespace deltarule
