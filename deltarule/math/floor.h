// What this machine could do at most: the floor under every time that is measured.
//
// The multiply-adds are those of the kernels (the instruction set in use, float), but in registers
// alone, so no product of matrices can be faster. Each function takes some 50 milliseconds and
// returns the best that it saw: what another program took away meanwhile is not the machine's.
#pragma once

#include <cstddef>

#include "deltarule/base/threads.h"
#include "deltarule/math/matrix.h"

namespace deltarule {

/// Billions of float operations in a second by the first `threads` of a team together; a
/// multiplication with its addition is two. 1 ≤ threads ≤ team.size().
double peak_gflops(ThreadTeam& team, int threads);

/// Billions of bytes in a second that one thread reads, of memory that is read again and again.
/// `memory` has one row, and at least 8 KiB.
double read_gigabytes_per_second(ConstMatrixView<float> memory);

/// Of one core, in bytes, as Linux says; what it does not say is taken to be 1 MiB and 32 MiB.
struct CacheSizes {
  std::size_t l2 = 0, l3 = 0;
};
CacheSizes cache_sizes();

}  // namespace deltarule
