#include "deltarule/math/byte_row.h"

#include <algorithm>
#include <vector>

#include "deltarule/base/random.h"
#include "deltarule/math/testing.h"

namespace deltarule {
namespace {

/// `lit` of ten bytes are not 0.
std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint32_t lit) {
  Random random(3, Stream::kSample, lit);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) {
    byte = random.below(10) < lit ? static_cast<std::uint8_t>(1 + random.below(255)) : 0;
  }
  return bytes;
}

std::vector<std::vector<std::uint8_t>> rows_to_try() {
  std::vector<std::vector<std::uint8_t>> rows;
  for (const std::uint32_t lit : {0u, 2u, 9u, 10u}) {
    for (std::size_t count = 0; count <= 140; ++count) rows.push_back(random_bytes(count, lit));
    rows.push_back(random_bytes(784, lit));
  }
  return rows;
}

TEST(ByteRow, SumsEqualThoseOfAPlainLoop) {
  on_every_instruction_set([] {
    for (const auto& row : rows_to_try()) {
      std::uint64_t sum = 0, squares = 0;
      for (const std::uint64_t p : row) {
        sum += p;
        squares += p * p;
      }
      ASSERT_EQ(sum_bytes(row).sum, sum) << row.size();
      ASSERT_EQ(sum_bytes(row).squares, squares) << row.size();
    }
  });
}

TEST(ByteRow, SumsOfALongWhiteRowDoNotOverflow) {
  const std::vector<std::uint8_t> white(200001, 255);
  on_every_instruction_set([&] {
    EXPECT_EQ(sum_bytes(white).sum, 200001u * 255);
    EXPECT_EQ(sum_bytes(white).squares, std::uint64_t{200001} * 65025);
  });
}

TEST(ByteRow, StandardizingEqualsAPlainLoopBitForBit) {
  on_every_instruction_set([] {
    for (std::size_t size = 0; size <= 100; ++size) {
      std::vector<std::uint8_t> row(size);
      for (std::size_t i = 0; i < size; ++i) row[i] = static_cast<std::uint8_t>(i * 37);
      std::vector<float> inputs(size + 1, -7);
      standardize_bytes(row, 33.1f, 0.0123f, std::span(inputs).first(size));
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(inputs[i], (static_cast<float>(row[i]) - 33.1f) * 0.0123f);
      }
      EXPECT_EQ(inputs[size], -7);
    }
  });
}

TEST(ByteRow, LitBytesAreFoundInOrderAndNothingElse) {
  on_every_instruction_set([] {
    for (const auto& row : rows_to_try()) {
      std::vector<std::uint32_t> expected, places(row.size() + kLitSlack, 12345);
      for (std::uint32_t i = 0; i < row.size(); ++i) {
        if (row[i] != 0) expected.push_back(i);
      }
      places.resize(find_lit(row, places));
      ASSERT_EQ(places, expected) << row.size();
    }
  });
}

TEST(ByteRow, FindingLitBytesWritesNoFurtherThanItSays) {
  on_every_instruction_set([] {
    for (const auto& row : rows_to_try()) {
      std::vector<std::uint32_t> places(row.size() + kLitSlack + 8, 12345);
      find_lit(row, std::span(places).first(row.size() + kLitSlack));
      for (std::size_t k = row.size() + kLitSlack; k < places.size(); ++k) {
        ASSERT_EQ(places[k], 12345u) << row.size();
      }
    }
  });
}

}  // namespace
}  // namespace deltarule
