#include "deltarule/report/assets.h"

#include <cstddef>

// From report_assets.S, which cmake/assets.cmake writes.
extern "C" {
extern const char deltarule_report_script[], deltarule_report_script_end[];
extern const char deltarule_report_style[], deltarule_report_style_end[];
}

namespace deltarule {

std::string_view report_script() {
  return {deltarule_report_script,
          static_cast<std::size_t>(deltarule_report_script_end - deltarule_report_script)};
}

std::string_view report_style() {
  return {deltarule_report_style,
          static_cast<std::size_t>(deltarule_report_style_end - deltarule_report_style)};
}

}  // namespace deltarule
