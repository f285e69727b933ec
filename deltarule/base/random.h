// Random numbers that depend on a seed, a stream and a position, and on nothing else.
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
// a block cipher over a counter, so a stream can be started anywhere, by any thread, and gives the
// same numbers on every machine. Not for secrets. A `Random` belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace deltarule {

/// What the numbers are for. One seed feeds independent streams, so that changing how one of them
/// is used does not shift the others.
enum class Stream : std::uint32_t {
  kSplit = 1,
  kInitialization = 2,
  kOrder = 3,
  kDigits = 4,
  kSample = 5,
  kResampling = 6,
};

class Random {
 public:
  /// `substream` tells apart the parts of one stream: an epoch, a layer, an image.
  Random(std::uint64_t seed, Stream stream, std::uint32_t substream = 0);

  std::uint32_t next();                      ///< uniform over all 32-bit numbers
  double uniform();                          ///< uniform in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);   ///< uniform in [low, high)
  std::uint32_t below(std::uint32_t bound);  ///< uniform in [0, bound), unbiased; bound > 0
  double normal();                           ///< mean 0, deviation 1 (Box and Muller 1958)

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// Fisher and Yates, from the end.
template <class T>
void shuffle(std::span<T> items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace deltarule
