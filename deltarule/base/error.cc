#include "deltarule/base/error.h"

#include <utility>

namespace deltarule {
namespace {

void append_line(std::string& message, const char* label, const std::string& text) {
  if (!text.empty()) message += std::string("\n  ") + label + text;
}

}  // namespace

Error::Error(Explanation explanation) : explanation_(std::move(explanation)) {
  message_ = explanation_.what;
  append_line(message_, "where:    ", explanation_.where);
  append_line(message_, "expected: ", explanation_.expected);
  append_line(message_, "found:    ", explanation_.found);
  append_line(message_, "next:     ", explanation_.next);
}

}  // namespace deltarule
