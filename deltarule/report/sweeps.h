// Figures in which a setting is swept: accuracy against λ, and the gradient's error against ε.
#pragma once

#include <string>
#include <vector>

#include "deltarule/checking/gradient_check.h"
#include "deltarule/report/figure.h"
#include "deltarule/study/study.h"

namespace deltarule {

/// Accuracy against λ for the experiments among these that differ in nothing else, at least three
/// values of one penalty. No panels if there is no such sweep.
Figure penalty_sweep(const std::string& id,
                     const std::vector<const ExperimentResult*>& experiments);

/// The V of each tensor, and the gate.
Figure gradient_sweep(const std::string& id, const GradientCheck& check);

}  // namespace deltarule
