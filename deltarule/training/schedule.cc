#include "deltarule/training/schedule.h"

#include <charconv>
#include <cmath>
#include <numbers>

#include "deltarule/base/error.h"
#include "deltarule/base/options.h"

namespace deltarule {
namespace {

template <class Number>
bool parse_whole(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Schedule parse_schedule(std::string_view text, const std::string& where) {
  if (text == "constant") return {};
  if (text == "cosine") return {.kind = ScheduleKind::kCosine};
  if (!text.starts_with("step:")) {
    throw_unknown_name(text, "schedule", {"constant", "step:EPOCHS:FACTOR", "cosine"}, where);
  }
  Schedule schedule{.kind = ScheduleKind::kStep};
  const std::string_view rest = text.substr(5);
  const std::size_t colon = rest.find(':');
  const bool parsed = colon != std::string_view::npos &&
                      parse_whole(rest.substr(0, colon), schedule.every) &&
                      parse_whole(rest.substr(colon + 1), schedule.factor);
  if (!parsed || schedule.every < 1 || !(schedule.factor > 0 && schedule.factor <= 1)) {
    throw Error({.what = "a step schedule needs a number of epochs and a factor",
                 .where = where,
                 .expected = "step:EPOCHS:FACTOR with EPOCHS at least 1 and FACTOR above 0, at "
                             "most 1, as in step:10:0.5",
                 .found = "'" + std::string(text) + "'"});
  }
  return schedule;
}

double learning_rate(const Schedule& schedule, double initial, int epoch, int epochs) {
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      break;
    case ScheduleKind::kStep:
      return initial * std::pow(schedule.factor, (epoch - 1) / schedule.every);
    case ScheduleKind::kCosine:
      return initial / 2 * (1 + std::cos(std::numbers::pi * (epoch - 1) / epochs));
  }
  return initial;
}

}  // namespace deltarule
