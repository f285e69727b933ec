#include "deltarule/math/floor.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deltarule/math/floor.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "deltarule/math/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

/// Where there are 16 registers, 12 sums leave room for the two numbers that all of them share.
constexpr std::size_t kSums = kTileRows == 6 ? 12 : 16;

/// Every sum s becomes s · factor + term, `rounds` times. No sum waits for another, and there are
/// more of them than a processor has multiply-adds under way. That the sum itself is multiplied
/// keeps the product inside the loop where multiplication and addition are two instructions.
/// Returns how many operations that was; `*result` makes them count.
double multiply_add(std::size_t rounds, float factor, float term, float* result) {
  const Tag<float> d;
  const auto f = hn::Set(d, factor), t = hn::Set(d, term);
  auto s0 = hn::Iota(d, 0.0f), s1 = hn::Add(s0, t), s2 = hn::Add(s1, t), s3 = hn::Add(s2, t);
  auto s4 = hn::Add(s3, t), s5 = hn::Add(s4, t), s6 = hn::Add(s5, t), s7 = hn::Add(s6, t);
  auto s8 = hn::Add(s7, t), s9 = hn::Add(s8, t), s10 = hn::Add(s9, t), s11 = hn::Add(s10, t);
  auto s12 = hn::Add(s11, t), s13 = hn::Add(s12, t), s14 = hn::Add(s13, t), s15 = hn::Add(s14, t);
  for (std::size_t i = 0; i < rounds; ++i) {
    s0 = hn::MulAdd(s0, f, t);
    s1 = hn::MulAdd(s1, f, t);
    s2 = hn::MulAdd(s2, f, t);
    s3 = hn::MulAdd(s3, f, t);
    s4 = hn::MulAdd(s4, f, t);
    s5 = hn::MulAdd(s5, f, t);
    s6 = hn::MulAdd(s6, f, t);
    s7 = hn::MulAdd(s7, f, t);
    s8 = hn::MulAdd(s8, f, t);
    s9 = hn::MulAdd(s9, f, t);
    s10 = hn::MulAdd(s10, f, t);
    s11 = hn::MulAdd(s11, f, t);
    if constexpr (kSums == 16) {
      s12 = hn::MulAdd(s12, f, t);
      s13 = hn::MulAdd(s13, f, t);
      s14 = hn::MulAdd(s14, f, t);
      s15 = hn::MulAdd(s15, f, t);
    }
  }
  s0 =
      hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), hn::Add(hn::Add(s4, s5), hn::Add(s6, s7)));
  s8 = hn::Add(hn::Add(hn::Add(s8, s9), hn::Add(s10, s11)),
               hn::Add(hn::Add(s12, s13), hn::Add(s14, s15)));
  *result = hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s8)));
  return 2.0 * static_cast<double>(rounds * kSums * hn::Lanes(d));
}

/// Σ over `count` floats, a multiple of 8 vectors.
float sum_of(const float* from, std::size_t count) {
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const float* end = from + count; from < end; from += 8 * lanes) {
    s0 = hn::Add(s0, hn::Load(d, from));
    s1 = hn::Add(s1, hn::Load(d, from + lanes));
    s2 = hn::Add(s2, hn::Load(d, from + 2 * lanes));
    s3 = hn::Add(s3, hn::Load(d, from + 3 * lanes));
    s4 = hn::Add(s4, hn::Load(d, from + 4 * lanes));
    s5 = hn::Add(s5, hn::Load(d, from + 5 * lanes));
    s6 = hn::Add(s6, hn::Load(d, from + 6 * lanes));
    s7 = hn::Add(s7, hn::Load(d, from + 7 * lanes));
  }
  s0 =
      hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), hn::Add(hn::Add(s4, s5), hn::Add(s6, s7)));
  return hn::GetLane(hn::SumOfLanes(d, s0));
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(multiply_add);
HWY_EXPORT(sum_of);

namespace {

constexpr double kSliceSeconds = 0.008;
constexpr int kSlices = 6;

template <class Work>
double seconds_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The least number of repetitions, doubled from one, that fill a slice; also warms up.
template <class Work>
std::size_t repetitions_for_a_slice(const Work& work) {
  std::size_t count = 1;
  while (seconds_of([&] { work(count); }) < kSliceSeconds) count *= 2;
  return count;
}

/// The seconds of the quickest of some slices.
template <class Work>
double quickest_slice(const Work& work) {
  double least = seconds_of(work);
  for (int i = 1; i < kSlices; ++i) least = std::min(least, seconds_of(work));
  return least;
}

/// A line of /sys, or nothing.
std::string read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Of the cache of that level that the first core has: "1024K" in a file. Not from sysconf, which
/// adds up the third level of a whole processor, of which a core can use a tenth.
std::size_t cache_bytes(char level, std::size_t otherwise) {
  for (int i = 0; i < 8; ++i) {
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(i) + "/";
    if (read_line(folder + "level") != std::string(1, level)) continue;
    const std::string size = read_line(folder + "size");
    std::size_t kibibytes = 0;
    std::from_chars(size.data(), size.data() + size.size(), kibibytes);
    if (kibibytes > 0) return kibibytes * 1024;
  }
  return otherwise;
}

}  // namespace

double peak_gflops(ThreadTeam& team, int threads) {
  assert(threads >= 1 && threads <= team.size());
  const auto slots = static_cast<std::size_t>(threads);
  struct alignas(128) Own {
    double operations = 0;
    float result = 0;
  };
  std::vector<Own> own(slots);
  // Not known when this is compiled, and sums that stay near 1.
  const volatile float factor = 0.75f, term = 0.25f;
  const auto work = [&](std::size_t rounds) {
    team.run(threads, [&](const Member& member) {
      Own& mine = own[static_cast<std::size_t>(member.index)];
      mine.operations = HWY_DYNAMIC_DISPATCH(multiply_add)(rounds, factor, term, &mine.result);
    });
  };
  const std::size_t rounds = repetitions_for_a_slice(work);
  const double seconds = quickest_slice([&] { work(rounds); });
  double operations = 0;
  for (const Own& one : own) operations += one.operations;
  return operations / seconds / 1e9;
}

double read_gigabytes_per_second(ConstMatrixView<float> memory) {
  constexpr std::size_t kStep = 8 * kLineBytes / sizeof(float);
  const std::size_t count = memory.columns() / kStep * kStep;
  assert(memory.rows() == 1 && count * sizeof(float) >= 8192);
  volatile float result = 0;
  const auto work = [&](std::size_t passes) {
    for (std::size_t i = 0; i < passes; ++i) {
      result = HWY_DYNAMIC_DISPATCH(sum_of)(memory.data, count);
    }
  };
  const std::size_t passes = repetitions_for_a_slice(work);
  const double bytes = static_cast<double>(passes * count * sizeof(float));
  return bytes / quickest_slice([&] { work(passes); }) / 1e9;
}

CacheSizes cache_sizes() {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  return {cache_bytes('2', kMebibyte), cache_bytes('3', 32 * kMebibyte)};
}

}  // namespace deltarule
#endif  // HWY_ONCE
