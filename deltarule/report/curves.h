// Histories as figures: loss and accuracy by epoch, with a band over seeds.
#pragma once

#include <string>
#include <vector>

#include "deltarule/report/figure.h"
#include "deltarule/study/study.h"

namespace deltarule {

/// The figure that the report has for an experiment: training and validation in one panel each for
/// loss and accuracy.
Figure experiment_curves(const std::string& id, const std::string& title,
                         const ExperimentResult& experiment);

/// Experiments side by side, one line each: loss and accuracy, training and validation.
Figure compared_curves(const std::string& id, const std::string& title,
                       const std::vector<const ExperimentResult*>& experiments);

}  // namespace deltarule
