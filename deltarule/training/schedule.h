// How the learning rate changes from epoch to epoch.
#pragma once

#include <string>
#include <string_view>

namespace deltarule {

enum class ScheduleKind { kConstant, kStep, kCosine };

struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  int every = 1;      ///< epochs between the steps of kStep, at least 1
  double factor = 1;  ///< of each step, in (0, 1]
};

/// "constant", "step:10:0.5", "cosine". Throws Error naming `where`.
Schedule parse_schedule(std::string_view text, const std::string& where);

/// The rate of epoch `epoch` (from 1) of `epochs`, `initial` being α:
/// kStep: α · factor^⌊(epoch − 1)/every⌋; kCosine: α/2 · (1 + cos(π (epoch − 1)/epochs)).
double learning_rate(const Schedule& schedule, double initial, int epoch, int epochs);

}  // namespace deltarule
