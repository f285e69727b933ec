// Which instructions the kernels use. The best that the processor has, unless one is asked for.
#pragma once

#include <string>
#include <vector>

namespace deltarule {

/// "AVX-512", "AVX2", "SSE4", "NEON", "scalar", …: what the kernels run on in this process.
std::string instruction_set();

/// The names that this processor and this build know, the best first: "avx512", "avx2", "sse4",
/// "scalar" on an x86 processor of today.
std::vector<std::string> instruction_sets();

/// For the whole process, from now on; not while kernels run. Throws Error if `name` is none of
/// instruction_sets().
void use_instruction_set(const std::string& name);

}  // namespace deltarule
