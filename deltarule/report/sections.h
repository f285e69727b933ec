// The parts of the page, from top to bottom. Each is a function from what was found to markup; a
// part that has nothing to show is empty.
#pragma once

#include "deltarule/report/markup.h"
#include "deltarule/study/study.h"

namespace deltarule {

/// Title, what it is about, and plainly whether it was quick or interrupted.
Html header_section(const StudyResult& result, const Dataset& data);
Html verdict_section(const StudyResult& result);
/// The first images of the training part: pictures, mean and deviation.
Html sample_section(const StudyResult& result, const Dataset& data);
/// The i-th group of the study; empty if none of its experiments is in the result.
Html group_section(const StudyResult& result, std::size_t i);
Html gradient_section(const StudyResult& result);
/// Confusion, mistakes and weights of the model that validation chooses.
Html best_model_section(const StudyResult& result, const Dataset& data);
Html correction_section(const StudyResult& result);
Html environment_section(const StudyResult& result, const Dataset& data);

/// Anchor of the i-th group's section.
std::string group_anchor(std::size_t i);

/// An experiment's title with its name beneath, as the first cell of a row.
Html experiment_cell(const Experiment& experiment);

}  // namespace deltarule
