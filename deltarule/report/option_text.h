// What experiments have in common, and in what each differs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "deltarule/study/study.h"

namespace deltarule {

using NamedValue = std::pair<std::string, std::string>;

/// Every option, as a person would write it.
std::vector<NamedValue> all_options(const RunOptions& options);

/// The value that most of them have, for each option; of equals, the one that comes first.
std::vector<NamedValue> common_options(const std::vector<const ExperimentResult*>& experiments);

/// Those of `options` that are not as `common` has them.
std::vector<NamedValue> differing_options(const RunOptions& options,
                                          const std::vector<NamedValue>& common);

/// "α = 0.001": the letter that the field uses where there is one, else the name.
std::string option_label(const std::string& name);

}  // namespace deltarule
