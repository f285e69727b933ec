// Checks as tables and charts of text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "deltarule/checking/gradient_check.h"
#include "deltarule/checking/preflight.h"
#include "deltarule/study/study_file.h"

namespace deltarule::app {

/// Each tensor at the gate, then the sweep of ε as a chart.
std::string gradient_text(const GradientCheck& check, const GradientCheckOptions& options);
nlohmann::ordered_json gradient_json(const GradientCheck& check);

/// The report's six entries beside ours.
std::string entries_text(const std::vector<EntryCheck>& ours,
                         const std::vector<StudyFile::PaperEntry>& paper);
nlohmann::ordered_json entries_json(const std::vector<EntryCheck>& ours,
                                    const std::vector<StudyFile::PaperEntry>& paper);

std::string preflight_text(const std::vector<PreflightCheck>& checks);
nlohmann::ordered_json preflight_json(const std::vector<PreflightCheck>& checks);

}  // namespace deltarule::app
