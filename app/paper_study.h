// studies/paper.toml, carried inside the program so that `study` and `check` need no file.
#pragma once

#include <string_view>

namespace deltarule::app {

std::string_view paper_study_text();

}  // namespace deltarule::app
