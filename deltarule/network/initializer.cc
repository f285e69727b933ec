#include "deltarule/network/initializer.h"

#include <charconv>
#include <cmath>

#include "deltarule/base/error.h"
#include "deltarule/base/options.h"
#include "deltarule/base/random.h"

namespace deltarule {
namespace {

double parse_parameter(std::string_view text, std::string_view whole, const std::string& where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    throw Error({.what = "an initializer's parameter is not a number",
                 .where = where,
                 .expected = "as in normal:0.01 or uniform:0:0.01",
                 .found = "'" + std::string(whole) + "'"});
  }
  return value;
}

double draw(const Initializer& initializer, double in, double out, Random& random) {
  switch (initializer.kind) {
    case InitializerKind::kFanIn:
      return random.uniform(-1 / std::sqrt(in), 1 / std::sqrt(in));
    case InitializerKind::kGlorot:
      return random.uniform(-std::sqrt(6 / (in + out)), std::sqrt(6 / (in + out)));
    case InitializerKind::kHe:
      return random.normal() * std::sqrt(2 / in);
    case InitializerKind::kLecun:
      return random.normal() / std::sqrt(in);
    case InitializerKind::kNormal:
      return random.normal() * initializer.deviation;
    case InitializerKind::kUniform:
      return random.uniform(initializer.low, initializer.high);
    case InitializerKind::kZeros:
      break;
  }
  return 0;
}

}  // namespace

Initializer parse_initializer(std::string_view text, const std::string& where) {
  if (text == "fan-in") return {.kind = InitializerKind::kFanIn};
  if (text == "glorot") return {.kind = InitializerKind::kGlorot};
  if (text == "he") return {.kind = InitializerKind::kHe};
  if (text == "lecun") return {.kind = InitializerKind::kLecun};
  if (text == "zeros") return {.kind = InitializerKind::kZeros};
  if (text.starts_with("normal:")) {
    const double deviation = parse_parameter(text.substr(7), text, where);
    if (deviation >= 0) return {.kind = InitializerKind::kNormal, .deviation = deviation};
  }
  const std::size_t middle = text.rfind(':');
  if (text.starts_with("uniform:") && middle > 7) {
    const double low = parse_parameter(text.substr(8, middle - 8), text, where);
    const double high = parse_parameter(text.substr(middle + 1), text, where);
    if (low <= high) return {.kind = InitializerKind::kUniform, .low = low, .high = high};
  }
  throw_unknown_name(
      text, "initializer",
      {"fan-in", "glorot", "he", "lecun", "normal:DEVIATION", "uniform:LOW:HIGH", "zeros"}, where);
}

Network<float> make_network(const NetworkSpec& spec, const Initializer& initializer,
                            std::uint64_t seed) {
  Network<float> network = make_zero_network<float>(spec);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    Random random(seed, Stream::kInitialization, static_cast<std::uint32_t>(l));
    Matrix<float>& weights = network.layers[l].weights;
    const double in = static_cast<double>(weights.rows());
    const double out = static_cast<double>(weights.columns());
    for (std::size_t i = 0; i < weights.rows(); ++i) {
      for (float& w : weights.row(i)) w = static_cast<float>(draw(initializer, in, out, random));
    }
  }
  return network;
}

}  // namespace deltarule
