// How often this program has asked for memory. Linking allocation_count.cc replaces operator new
// and delete for the whole program, and CMakeLists.txt has the linker send calls of aligned_alloc,
// malloc, calloc and realloc there, so it is for programs of tests only.
#pragma once

#include <cstddef>

namespace deltarule {

/// By any thread since the program began: by operator new, and by what is linked into the program
/// calling C's functions. Not counted is what shared libraries get from malloc by themselves.
std::size_t allocation_count();

}  // namespace deltarule
