// Before a training: does this network, on this data, learn for the right reasons?
// (The checks that Stanford's CS231n notes and Karpathy's "recipe" tell people to do by hand.)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deltarule/data/split.h"
#include "deltarule/training/options.h"

namespace deltarule {

struct PreflightCheck {
  std::string name;  ///< "loss at initialization"
  bool passed = false;
  std::string expected;  ///< "ln 10 = 2.303 within 0.5"
  std::string found;     ///< "2.331"
  std::string why;       ///< what it means when this fails
};

/// Loss at initialization against ln K; one small batch overfitted to zero; an input-blind baseline
/// (inputs set to zero) that does worse than the network; more penalty raises the loss.
std::vector<PreflightCheck> preflight(const Dataset& data, const RunOptions& options,
                                      std::uint64_t seed);

}  // namespace deltarule
