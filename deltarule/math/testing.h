// What tests of kernels share: every instruction set in turn.
#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace deltarule {

/// Calls work() on each instruction set that this processor and this build know. For kernels that
/// are dispatched at each call.
template <class Work>
void on_every_instruction_set(const Work& work) {
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    work();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace deltarule
