#include "deltarule/report/number_text.h"
#include "deltarule/report/sections.h"

namespace deltarule {

Html correction_section(const StudyResult& result) {
  if (result.study.corrections.empty()) return {};
  Html items;
  for (const Correction& correction : result.study.corrections) {
    const auto line = [](const char* name, const std::string& style, const std::string& words) {
      if (words.empty()) return Html{};
      return tag("div", {{"class", style}}, tag("dt", text(name)) + tag("dd", text(words)));
    };
    items += tag("li", tag("dl", line("The report says", "says", correction.paper) +
                                     line("What is right", "right", correction.right) +
                                     line("Measured", "measured",
                                          fill_measurements(correction.measured, result))));
  }
  return section("corrections", "Where the report is mistaken", styled("ol", "corrections", items));
}

}  // namespace deltarule
