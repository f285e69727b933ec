// The report's script and style, built from web/ and kept inside the library.
#pragma once

#include <string_view>

namespace deltarule {

/// One file of JavaScript; holds neither "</script" nor "<!--".
std::string_view report_script();
/// One file of CSS.
std::string_view report_style();

}  // namespace deltarule
