// A hand that writes a digit: a form chosen among those that people use, then varied in slant,
// proportions, pen and steadiness.
//
// The same bits on any machine: only + − × ÷ and sqrt on doubles, which IEEE 754 rounds alike
// everywhere, and integers. No sin, exp or normal(): bell-shaped numbers are sums of uniform ones,
// a turn is a rational function of half its tangent.
#pragma once

#include <vector>

#include "deltarule/base/random.h"

namespace deltarule {

/// Where the pen was, y down, in units of about half the digit's height.
struct PenTrack {
  struct Point {
    double x = 0, y = 0;
    double radius = 0;    ///< of the pen there, in pixels of the finished picture
    bool joined = false;  ///< to the point before, by a straight piece
  };
  std::vector<Point> points;
  double softness = 1;  ///< width of the ink's edge, in pixels
};

/// Digits are 0 to 9.
PenTrack write_digit(int digit, Random& random);

}  // namespace deltarule
