// The machine's floor, measured again and again beside what is compared with it.
#pragma once

#include <map>
#include <vector>

#include "deltarule/base/threads.h"
#include "deltarule/math/floor.h"

namespace deltarule {

/// One measurement of everything, or the median of several.
struct Floor {
  std::map<int, double> gflops;  ///< by number of threads
  double l2_gigabytes_per_second = 0;
  double l3_gigabytes_per_second = 0;
  double dram_gigabytes_per_second = 0;
};

/// A rented machine may be a third slower ten seconds later. So the floor is measured before each
/// thing that is timed, and all are compared with the median. One thread uses a meter.
class FloorMeter {
 public:
  /// For each of these numbers of threads, of which there is at least one.
  explicit FloorMeter(std::vector<int> threads);

  /// Takes some tenths of a second.
  void measure();

  /// Of the measurements so far, of which there is at least one.
  Floor floor() const;

 private:
  std::vector<int> threads_;
  ThreadTeam team_;
  CacheSizes caches_;
  Matrix<float> memory_;  // read whole, and in parts that fit into a cache
  std::vector<Floor> samples_;
};

}  // namespace deltarule
