// What tests of kernels share: every instruction set in turn.
#pragma once

#include <gtest/gtest.h>

#include "deltarule/math/instruction_set.h"

namespace deltarule {

/// Calls work() on each instruction set that this processor and this build know; the best is in use
/// again afterwards.
template <class Work>
void on_every_instruction_set(const Work& work) {
  const std::vector<std::string> names = instruction_sets();
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    use_instruction_set(name);
    work();
  }
  use_instruction_set(names.front());
}

}  // namespace deltarule
