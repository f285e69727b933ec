// The page: one HTML file that needs no network.
#pragma once

#include <string>

#include "deltarule/study/study.h"

namespace deltarule {

/// `data` is the one the study was run on: for the sample images and the mistakes.
std::string report_html(const StudyResult& result, const Dataset& data);

}  // namespace deltarule
