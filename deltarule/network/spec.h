// The shape of a network in words: "784-128:tanh-10".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "deltarule/math/activation.h"

namespace deltarule {

struct LayerSpec {
  std::size_t units = 0;
  Activation activation = Activation::kIdentity;
  bool operator==(const LayerSpec&) const = default;
};

/// The last layer has one unit per class and no activation: softmax is part of the loss.
struct NetworkSpec {
  std::size_t inputs = 0;
  std::vector<LayerSpec> layers;  ///< hidden layers, then the output layer

  std::size_t classes() const { return layers.back().units; }
  std::size_t inputs_of(std::size_t layer) const {
    return layer == 0 ? inputs : layers[layer - 1].units;
  }
  std::size_t parameter_count() const;
  bool operator==(const NetworkSpec&) const = default;
};

/// "784-128:tanh-10". What `parse_spec` reads back.
std::string to_text(const NetworkSpec& spec);

/// Throws Error naming `where`. Hidden units without a named activation are tanh.
NetworkSpec parse_spec(std::string_view text, const std::string& where);

/// Hidden layers as the command line has them: "none", "128", "128:tanh,64:relu".
NetworkSpec make_spec(std::size_t inputs, std::string_view hidden, std::size_t classes,
                      const std::string& where);

}  // namespace deltarule
