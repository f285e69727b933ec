// The forms in which people write the ten digits, as points that the pen passes.
#pragma once

#include <cstdint>
#include <span>

namespace deltarule {

/// A point of a form: x to the right and y down, in hundredths of the digit's height.
struct PenPoint {
  enum class Pen : std::uint8_t {
    kDown,     ///< a new stroke begins here
    kThrough,  ///< passed in a smooth curve
    kCorner,   ///< passed with a sharp turn
  };
  std::int16_t x, y;
  Pen pen = Pen::kThrough;
};

/// One way of writing a digit; `weight` is how often it is used beside the digit's other forms.
struct DigitForm {
  int weight;
  std::span<const PenPoint> points;
};

std::span<const DigitForm> digit_forms(int digit);

}  // namespace deltarule
