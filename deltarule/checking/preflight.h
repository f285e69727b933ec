// Before a training: does this network, on this data, learn for the right reasons?
// (The checks that Stanford's CS231n notes and Karpathy's "recipe" tell people to do by hand.)
//
// Split, normalization, network and initializer are those of a run with these options and this
// seed, the code that trains is the run's own; the steps are not: each check takes a step that is
// safe for these inputs, no penalty and a few thousand rows, so that it takes seconds and a failure
// speaks of data, labels and network, not of the choice of a learning rate. The test part is not
// looked at. A pure function: any thread may call it.
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
  std::string expected;  ///< "ln 10 = 2.303, at most 0.5 less or 0.5 more"
  std::string found;     ///< "2.331"
  std::string why;       ///< what it means when this fails
};

/// In this order:
/// - "loss at initialization": near ln K: at most 0.5 less, and at most 0.5 more (1.5 with
///   glorot, he and lecun, whose logits begin with a variance of 1 to 2);
/// - "one small batch": 16 examples of several classes are overfitted to a loss below 0.01;
/// - "input-blind baseline": the same network that sees zeros has a higher validation loss;
/// - "more penalty": λ (the options', or L2 of 1e-4) raises the objective, 10 λ raises it further.
/// Throws Error if the options do not fit the data.
std::vector<PreflightCheck> preflight(const Dataset& data, const RunOptions& options,
                                      std::uint64_t seed);

}  // namespace deltarule
