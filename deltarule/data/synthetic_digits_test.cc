#include "deltarule/data/synthetic_digits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "deltarule/base/file.h"
#include "deltarule/data/digit_strokes.h"

namespace deltarule {
namespace {

TEST(SyntheticDigits, AreTheSameBitsOnEveryMachine) {
  const Dataset data = make_synthetic_digits(140, 1);
  const auto& pixels = std::get<std::vector<std::uint8_t>>(data.values);
  const std::string_view first(reinterpret_cast<const char*>(pixels.data()), 100 * data.features);
  EXPECT_EQ(sha256(first), "913e3cbf66d0be5a7b0a24c4b4aa455d9edbca0b4d0826c4c47cb6e6c5218aac");
}

TEST(SyntheticDigits, AreBrightOnBlackAndCenteredByMass) {
  const Dataset data = make_synthetic_digits(7000, 3);
  for (std::size_t i = 0; i < data.count(); ++i) {
    double mass = 0, x = 0, y = 0;
    const auto pixels = data.bytes(i);
    for (std::size_t p = 0; p < pixels.size(); ++p) {
      mass += pixels[p];
      x += pixels[p] * (static_cast<double>(p % kDigitSide) + 0.5);
      y += pixels[p] * (static_cast<double>(p / kDigitSide) + 0.5);
    }
    // The thinnest stroke still leaves about 20 white pixels; the broadest does not fill the box.
    ASSERT_GT(mass, 20 * 255) << i;
    ASSERT_LT(mass, 300 * 255) << i;
    ASSERT_NEAR(x / mass, kDigitSide / 2.0, 1) << i;
    ASSERT_NEAR(y / mass, kDigitSide / 2.0, 1) << i;
    ASSERT_GT(*std::max_element(pixels.begin(), pixels.end()), 200) << i;
  }
}

TEST(SyntheticDigits, HaveTheSameNumberOfEachClassInEachPart) {
  for (const std::size_t count : {70u, 700u, 1234u}) {
    const Dataset data = make_synthetic_digits(count, 2);
    EXPECT_EQ(data.count(), count);
    EXPECT_EQ(data.test_count, count / 7);
    std::array<std::array<int, 10>, 2> counts{};
    for (std::size_t i = 0; i < count; ++i) ++counts[i >= data.training_count][data.labels[i]];
    for (const auto& part : counts) {
      const auto [least, most] = std::minmax_element(part.begin(), part.end());
      EXPECT_LE(*most - *least, 1) << count;
    }
  }
}

TEST(SyntheticDigits, SayThatTheyAreSynthetic) {
  const Dataset data = make_synthetic_digits(10, 2);
  EXPECT_NE(data.description.find("Synthetic"), std::string::npos);
  EXPECT_TRUE(data.files.empty());
  EXPECT_EQ(data.image, (ImageShape{28, 28}));
  EXPECT_EQ(data.classes.front(), "0");
  EXPECT_EQ(data.classes.back(), "9");
}

TEST(SyntheticDigits, DependOnDigitSeedAndIndexAlone) {
  const auto draw = [](int digit, std::uint64_t seed, std::uint32_t index) {
    std::vector<std::uint8_t> pixels(kDigitSide * kDigitSide, 99);
    draw_digit(digit, seed, index, pixels);
    return pixels;
  };
  const auto first = draw(5, 1, 7);
  EXPECT_EQ(first, draw(5, 1, 7));
  EXPECT_NE(first, draw(6, 1, 7));
  EXPECT_NE(first, draw(5, 2, 7));
  EXPECT_NE(first, draw(5, 1, 8));
  const Dataset data = make_synthetic_digits(700, 4);
  const auto row = data.bytes(650);
  EXPECT_EQ(draw(data.labels[650], 4, 650), std::vector<std::uint8_t>(row.begin(), row.end()));
}

TEST(SyntheticDigits, NoTwoAreAlike) {
  const Dataset data = make_synthetic_digits(7000, 5);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < data.count(); ++i) {
    const auto pixels = data.bytes(i);
    seen.emplace(pixels.begin(), pixels.end());
  }
  EXPECT_EQ(seen.size(), data.count());
}

TEST(DigitForms, AreSeveralForEachDigitAndNoTwoAreNearlyTheSame) {
  for (int digit = 0; digit <= 9; ++digit) {
    const auto forms = digit_forms(digit);
    EXPECT_GE(forms.size(), 4u);
    for (std::size_t i = 0; i < forms.size(); ++i) {
      EXPECT_GT(forms[i].weight, 0);
      EXPECT_EQ(forms[i].points.front().pen, PenPoint::Pen::kDown);
      EXPECT_EQ(forms[i].points.back().pen, PenPoint::Pen::kThrough);
      for (std::size_t j = 0; j < i; ++j) {
        const auto &a = forms[i].points, &b = forms[j].points;
        int farthest = a.size() == b.size() ? 0 : 100;
        for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
          farthest = std::max({farthest, std::abs(a[k].x - b[k].x), std::abs(a[k].y - b[k].y)});
        }
        EXPECT_GE(farthest, 5) << "digit " << digit << ", forms " << i << " and " << j;
      }
    }
  }
}

}  // namespace
}  // namespace deltarule
