// How weights begin. Biases begin at zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "deltarule/network/network.h"

namespace deltarule {

enum class InitializerKind {
  kFanIn,    ///< U(−1/√in, 1/√in)
  kGlorot,   ///< U(−√(6/(in+out)), √(6/(in+out))), Glorot and Bengio 2010, eq. 16
  kHe,       ///< N(0, 2/in), He et al. 2015, eq. 10
  kLecun,    ///< N(0, 1/in), LeCun et al. 1998
  kNormal,   ///< N(0, σ²)
  kUniform,  ///< U(low, high)
  kZeros,
};

struct Initializer {
  InitializerKind kind = InitializerKind::kFanIn;
  double low = 0, high = 0;  ///< of kUniform
  double deviation = 0;      ///< σ of kNormal
};

/// "fan-in", "glorot", "he", "lecun", "normal:0.01", "uniform:0:0.01", "zeros".
/// Throws Error naming `where`.
Initializer parse_initializer(std::string_view text, const std::string& where);

/// The same seed gives the same network, whatever else is drawn from that seed.
Network<float> make_network(const NetworkSpec& spec, const Initializer& initializer,
                            std::uint64_t seed);

}  // namespace deltarule
