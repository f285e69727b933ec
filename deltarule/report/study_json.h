// study.json: everything that the page shows, as numbers; and the tables as CSV.
#pragma once

#include <string>

#include "deltarule/study/study.h"

namespace deltarule {

/// {"study", "version", "data", "experiments", "gradient_check", …}; see docs/study-json.md.
std::string study_json(const StudyResult& result);

/// One line per experiment: name, paper's numbers, n, means and intervals.
std::string experiments_csv(const StudyResult& result);

/// One line per run.
std::string runs_csv(const StudyResult& result);

}  // namespace deltarule
