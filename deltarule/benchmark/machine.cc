#include "deltarule/benchmark/machine.h"

#include <algorithm>
#include <utility>

#include "deltarule/benchmark/median.h"

namespace deltarule {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

/// A part of the third level, because others may use the rest and a system may claim more than a
/// core has, but well above what the levels before it hold.
std::size_t near_bytes(const CacheSizes& caches) {
  return std::max(std::min(caches.l3 / 4, 16 * kMebibyte), 3 * caches.l2);
}

/// So much memory that next to nothing of it is still in a cache when it is read again.
std::size_t far_bytes(const CacheSizes& caches) {
  return std::clamp(4 * caches.l3, 128 * kMebibyte, 1024 * kMebibyte);
}

std::size_t floats(std::size_t bytes) { return bytes / sizeof(float); }

template <class Get>
double median_of(const std::vector<Floor>& samples, const Get& get) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const Floor& sample : samples) values.push_back(get(sample));
  return median(std::move(values));
}

}  // namespace

FloorMeter::FloorMeter(std::vector<int> threads)
    : threads_(std::move(threads)),
      team_(*std::max_element(threads_.begin(), threads_.end())),
      caches_(cache_sizes()),
      memory_(Shape{1, floats(far_bytes(caches_))}) {}

void FloorMeter::measure() {
  const ConstMatrixView<float> memory = std::as_const(memory_).view();
  const auto read = [&](std::size_t bytes) {
    return read_gigabytes_per_second(memory.columns(0, std::min(floats(bytes), memory.columns())));
  };
  Floor sample;
  for (const int threads : threads_) sample.gflops[threads] = peak_gflops(team_, threads);
  sample.l2_gigabytes_per_second = read(caches_.l2 / 2);
  sample.l3_gigabytes_per_second = read(near_bytes(caches_));
  sample.dram_gigabytes_per_second = read(far_bytes(caches_));
  samples_.push_back(std::move(sample));
}

Floor FloorMeter::floor() const {
  Floor result;
  for (const int threads : threads_) {
    result.gflops[threads] =
        median_of(samples_, [&](const Floor& sample) { return sample.gflops.at(threads); });
  }
  const auto median_member = [&](double Floor::*member) {
    return median_of(samples_, [&](const Floor& sample) { return sample.*member; });
  };
  result.l2_gigabytes_per_second = median_member(&Floor::l2_gigabytes_per_second);
  result.l3_gigabytes_per_second = median_member(&Floor::l3_gigabytes_per_second);
  result.dram_gigabytes_per_second = median_member(&Floor::dram_gigabytes_per_second);
  return result;
}

}  // namespace deltarule
