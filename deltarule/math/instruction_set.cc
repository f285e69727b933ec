#include "deltarule/math/instruction_set.h"

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "deltarule/base/error.h"
#include "deltarule/base/options.h"

namespace deltarule {
namespace {

struct Target {
  std::int64_t bit;
  const char* name;   // as it is typed
  const char* title;  // as people write it
};

// The best first. Where the library has several of one family, they share a name.
constexpr Target kTargets[] = {
    {HWY_AVX3_DL, "avx512", "AVX-512"}, {HWY_AVX3, "avx512", "AVX-512"},
    {HWY_AVX2, "avx2", "AVX2"},         {HWY_SSE4, "sse4", "SSE4"},
    {HWY_SVE2_128, "sve2", "SVE2"},     {HWY_SVE_256, "sve", "SVE"},
    {HWY_SVE2, "sve2", "SVE2"},         {HWY_SVE, "sve", "SVE"},
    {HWY_NEON, "neon", "NEON"},         {HWY_EMU128, "scalar", "scalar"},
};

std::int64_t usable_targets() { return hwy::SupportedTargets() & HWY_TARGETS; }

/// As if none had been asked for. Looked up once: the processor takes its time to say.
std::int64_t all_targets() {
  static const std::int64_t targets = [] {
    const std::int64_t chosen = hwy::SupportedTargets();
    hwy::SetSupportedTargetsForTest(0);
    const std::int64_t all = usable_targets();
    hwy::SetSupportedTargetsForTest(chosen);
    return all;
  }();
  return targets;
}

}  // namespace

std::string instruction_set() {
  const std::int64_t usable = usable_targets();
  for (const Target& target : kTargets) {
    if (usable & target.bit) return target.title;
  }
  return "scalar";
}

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const Target& target : kTargets) {
    const bool is_known = std::find(names.begin(), names.end(), target.name) != names.end();
    if ((all_targets() & target.bit) && !is_known) names.push_back(target.name);
  }
  return names;
}

void use_instruction_set(const std::string& name) {
  const std::vector<std::string> names = instruction_sets();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw_unknown_name(name, "instruction set of this machine", names, "DELTARULE_TARGET");
  }
  std::int64_t bits = 0;
  for (const Target& target : kTargets) {
    if (target.name == name) bits |= target.bit;
  }
  hwy::SetSupportedTargetsForTest(bits & all_targets());
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace deltarule
