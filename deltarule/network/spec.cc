#include "deltarule/network/spec.h"

#include <charconv>

#include "deltarule/base/error.h"
#include "deltarule/base/options.h"

namespace deltarule {
namespace {

constexpr std::size_t kMostUnits = 1'000'000;
constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                       Activation::kSigmoid, Activation::kRelu};

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::size_t parse_units(std::string_view text, std::string_view whole, const std::string& where) {
  std::size_t units = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), units);
  if (error != std::errc() || end != text.data() + text.size() || units == 0 ||
      units > kMostUnits) {
    throw Error({.what = "a layer's size is not a number from 1 to 1000000",
                 .where = where,
                 .expected = "a number of units, as in 128:tanh",
                 .found = "'" + std::string(text) + "' in '" + std::string(whole) + "'"});
  }
  return units;
}

Activation parse_activation(std::string_view text, const std::string& where) {
  std::vector<std::string> names;
  for (const Activation activation : kActivations) {
    if (text == name_of(activation)) return activation;
    names.push_back(name_of(activation));
  }
  throw_unknown_name(text, "activation", names, where);
}

/// "128:tanh"; without a name the activation is `standard`.
LayerSpec parse_layer(std::string_view text, Activation standard, const std::string& where) {
  const std::size_t colon = text.find(':');
  LayerSpec layer{parse_units(text.substr(0, colon), text, where), standard};
  if (colon != std::string_view::npos) {
    layer.activation = parse_activation(text.substr(colon + 1), where);
  }
  return layer;
}

}  // namespace

std::size_t NetworkSpec::parameter_count() const {
  std::size_t count = 0;
  for (std::size_t l = 0; l < layers.size(); ++l) count += (inputs_of(l) + 1) * layers[l].units;
  return count;
}

std::string to_text(const NetworkSpec& spec) {
  std::string text = std::to_string(spec.inputs);
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    text.append("-").append(std::to_string(spec.layers[l].units));
    if (l + 1 < spec.layers.size()) text.append(":").append(name_of(spec.layers[l].activation));
  }
  return text;
}

NetworkSpec parse_spec(std::string_view text, const std::string& where) {
  const std::vector<std::string_view> parts = split_at(text, '-');
  if (parts.size() < 2) {
    throw Error({.what = "a network needs inputs and outputs",
                 .where = where,
                 .expected = "sizes joined by hyphens, as in 784-128:tanh-10",
                 .found = "'" + std::string(text) + "'"});
  }
  NetworkSpec spec;
  spec.inputs = parse_units(parts.front(), text, where);
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    spec.layers.push_back(parse_layer(parts[i], Activation::kTanh, where));
  }
  spec.layers.push_back({parse_units(parts.back(), text, where), Activation::kIdentity});
  return spec;
}

NetworkSpec make_spec(std::size_t inputs, std::string_view hidden, std::size_t classes,
                      const std::string& where) {
  NetworkSpec spec;
  spec.inputs = inputs;
  if (hidden != "none") {
    for (const std::string_view layer : split_at(hidden, ',')) {
      spec.layers.push_back(parse_layer(layer, Activation::kTanh, where));
    }
  }
  spec.layers.push_back({classes, Activation::kIdentity});
  return spec;
}

}  // namespace deltarule
