#include "deltarule/math/byte_row.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deltarule/math/byte_row.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace deltarule::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Of at most 32768 bytes, so that the squares stay below 2^31.
ByteSums sum_block(const std::uint8_t* bytes, std::size_t count) {
  // One instruction adds pairs of 16-bit products to 32-bit sums. 16 lanes even where there could
  // be 32, because 784 is a multiple of 16.
  const hn::CappedTag<std::int16_t, 16> d;
  const hn::Rebind<std::uint8_t, decltype(d)> narrow;
  const hn::RepartitionToWide<decltype(d)> wide;
  const std::size_t lanes = hn::Lanes(d);
  const auto one = hn::Set(d, 1);
  auto sum0 = hn::Zero(wide), sum1 = hn::Zero(wide);
  auto squares0 = hn::Zero(wide), squares1 = hn::Zero(wide);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto pixels = hn::PromoteTo(d, hn::LoadU(narrow, bytes + i));
    sum0 = hn::ReorderWidenMulAccumulate(wide, pixels, one, sum0, sum1);
    squares0 = hn::ReorderWidenMulAccumulate(wide, pixels, pixels, squares0, squares1);
  }
  const auto total = [&](auto a, auto b) {
    return static_cast<std::uint64_t>(hn::GetLane(hn::SumOfLanes(wide, hn::Add(a, b))));
  };
  ByteSums sums = {total(sum0, sum1), total(squares0, squares1)};
  for (; i < count; ++i) {
    sums.sum += bytes[i];
    sums.squares += std::uint64_t{bytes[i]} * bytes[i];
  }
  return sums;
}

void standardize_row(const std::uint8_t* bytes, std::size_t count, float mean, float scale,
                     float* inputs) {
  const hn::CappedTag<float, 16> d;
  const hn::RebindToSigned<decltype(d)> integers;
  const hn::Rebind<std::uint8_t, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto pixels = hn::ConvertTo(d, hn::PromoteTo(integers, hn::LoadU(narrow, bytes + i)));
    const auto centered = hn::Sub(pixels, hn::Set(d, mean));
    hn::StoreU(hn::Mul(centered, hn::Set(d, scale)), d, inputs + i);
  }
  for (; i < count; ++i) inputs[i] = (static_cast<float>(bytes[i]) - mean) * scale;
}

/// Of each byte, the positions of its bits that are 1, the lowest first; then zeros.
constexpr auto kSetBits = [] {
  std::array<std::array<std::uint8_t, 8>, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::size_t found = 0;
    for (std::uint8_t bit = 0; bit < 8; ++bit) {
      if ((byte >> bit & 1) != 0) table[byte][found++] = bit;
    }
  }
  return table;
}();

/// No branch depends on the pixels, because which of them are lit is hard to predict: eight places
/// are written for every eight bytes, and those beyond the lit ones are overwritten by the next.
/// hn::Compress would do as well with AVX-512 and several times worse with AVX2, where it copies a
/// table of a kilobyte each time.
std::size_t find_lit_bytes(const std::uint8_t* bytes, std::size_t count, std::uint32_t* places) {
  const hn::CappedTag<std::uint8_t, 64> d;
  const hn::CappedTag<std::uint32_t, 8> wide;
  const hn::Rebind<std::uint8_t, decltype(wide)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t found = 0, i = 0;
  for (; lanes >= 8 && i + lanes <= count; i += lanes) {
    std::uint8_t lit[8] = {};
    hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, bytes + i), hn::Zero(d)), lit);
    for (std::size_t k = 0; k < lanes / 8; ++k) {
      const auto first = hn::Set(wide, static_cast<std::uint32_t>(i + 8 * k));
      const std::uint8_t* bits = kSetBits[lit[k]].data();
      for (std::size_t j = 0; j < 8; j += hn::Lanes(wide)) {
        const auto offset = hn::PromoteTo(wide, hn::LoadU(narrow, bits + j));
        hn::StoreU(hn::Add(first, offset), wide, places + found + j);
      }
      found += static_cast<std::size_t>(std::popcount(lit[k]));
    }
  }
  for (; i < count; ++i) {
    places[found] = static_cast<std::uint32_t>(i);
    found += bytes[i] != 0;
  }
  return found;
}

}  // namespace deltarule::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deltarule {

HWY_EXPORT(sum_block);
HWY_EXPORT(standardize_row);
HWY_EXPORT(find_lit_bytes);

ByteSums sum_bytes(std::span<const std::uint8_t> row) {
  constexpr std::size_t kBlock = 32768;  // 32768 · 255² < 2^31
  ByteSums result;
  for (std::size_t first = 0; first < row.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, row.size() - first);
    const ByteSums block = HWY_DYNAMIC_DISPATCH(sum_block)(row.data() + first, count);
    result.sum += block.sum;
    result.squares += block.squares;
  }
  return result;
}

void standardize_bytes(std::span<const std::uint8_t> row, float mean, float scale,
                       std::span<float> inputs) {
  assert(inputs.size() == row.size());
  HWY_DYNAMIC_DISPATCH(standardize_row)(row.data(), row.size(), mean, scale, inputs.data());
}

std::size_t find_lit(std::span<const std::uint8_t> row, std::span<std::uint32_t> places) {
  assert(places.size() >= row.size() + kLitSlack);
  return HWY_DYNAMIC_DISPATCH(find_lit_bytes)(row.data(), row.size(), places.data());
}

}  // namespace deltarule
#endif  // HWY_ONCE
