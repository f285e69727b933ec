// Which program this is, and which machine it runs on.
#pragma once

#include <string>

#include "deltarule/study/study.h"

namespace deltarule::app {

Environment current_environment(std::string command_line, int threads);

/// For `--version`: version, commit, compiler, instruction set.
std::string version_text();

}  // namespace deltarule::app
