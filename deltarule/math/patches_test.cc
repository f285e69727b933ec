#include "deltarule/math/patches.h"

#include <gtest/gtest.h>

#include "deltarule/base/random.h"
#include "deltarule/math/kernels.h"

// The lit products are compared with the dense ones on the same normalized inputs. With pixels of 0
// to 1, factors of at most 1 and k inputs, either is off by at most 2(k + 2) u Σ|a||b| (Higham
// 2002, section 3.1), and Σ|a||b| ≤ 3k: the pixels, and the constant row twice.

namespace deltarule {
namespace {

struct Sizes {
  std::size_t examples, height, width, units;
};

const std::vector<Sizes> kSizes = {{128, 28, 28, 128}, {1, 2, 2, 1},   {3, 4, 6, 10},
                                   {17, 1, 36, 17},    {40, 6, 2, 33}, {9, 3, 4, 64},
                                   {8, 10, 10, 40},    {5, 14, 2, 15}, {31, 2, 10, 100}};

/// Random pictures, mostly dark, as bytes, as patch lists and as normalized rows.
struct Pictures {
  PatchLayout layout;
  Matrix<float> inputs;
  std::vector<float> shifts;
  PatchLists lists;

  explicit Pictures(const Sizes& s)
      : layout(make_patch_layout(s.height, s.width)),
        inputs(Shape{s.examples, s.height * s.width}),
        lists(layout, s.examples, s.units) {
    Random random(5, Stream::kSample);
    const float scale = 1.0f / 255;
    for (std::size_t n = 0; n < s.examples; ++n) {
      std::vector<std::uint8_t> pixels(inputs.columns());
      for (auto& p : pixels) {
        p = random.below(10) < 8 ? 0 : static_cast<std::uint8_t>(random.below(256));
      }
      shifts.push_back(static_cast<float>(random.uniform(0, 1)));
      for (std::size_t i = 0; i < pixels.size(); ++i) {
        inputs(n, i) = static_cast<float>(pixels[i]) * scale - shifts[n];
      }
      lists.add(lit_patches(pixels), scale, shifts.back());
    }
    lists.finish();
  }

  std::vector<LitPatch> lit_patches(const std::vector<std::uint8_t>& pixels) const {
    std::vector<LitPatch> lit;
    for (std::size_t k = 0; k < layout.patches(); ++k) {
      LitPatch patch = {static_cast<std::uint16_t>(k), {}};
      int sum = 0;
      for (std::size_t r = 0; r < kPatchPixels; ++r) {
        patch.pixels[r] = pixels[layout.features[k * kPatchPixels + r]];
        sum += patch.pixels[r];
      }
      if (sum > 0) lit.push_back(patch);
    }
    return lit;
  }
};

Matrix<float> random_matrix(Shape shape, std::uint32_t substream) {
  Random random(6, Stream::kSample, substream);
  Matrix<float> matrix(shape);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (float& x : matrix.row(i)) x = static_cast<float>(random.uniform(-1, 1));
  }
  return matrix;
}

void expect_near(const Matrix<float>& a, const Matrix<float>& b, std::size_t k, const Sizes& s) {
  const double u = 0x1p-24;
  const double bound = 2 * 2 * static_cast<double>(k + 12) * u * 3 * static_cast<double>(k + 4);
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.columns(); ++j) {
      ASSERT_NEAR(a(i, j), b(i, j), bound) << "at (" << i << ", " << j << ") for " << s.examples
                                           << " of " << s.height << "x" << s.width;
    }
  }
}

TEST(Patches, EveryFeatureStandsInOnePatch) {
  for (const auto& [height, width] : {std::pair{28, 28}, {2, 2}, {3, 4}, {1, 8}}) {
    const PatchLayout layout =
        make_patch_layout(static_cast<std::size_t>(height), static_cast<std::size_t>(width));
    std::vector<int> seen(static_cast<std::size_t>(height * width));
    for (const std::uint32_t feature : layout.features) ++seen.at(feature);
    for (const int times : seen) EXPECT_EQ(times, 1);
  }
}

TEST(Patches, ListsHoldTheLitPatchesOnly) {
  const PatchLayout layout = make_patch_layout(1, 12);
  PatchLists lists(layout, 2, 20);
  const std::vector<LitPatch> first = {{1, {1, 2, 3, 4}}}, second = {{2, {0, 0, 0, 255}}};
  for (int round = 0; round < 2; ++round) {
    lists.clear();
    lists.add(first, 1, 0);
    lists.add(second, 0.5f, 2);
    lists.finish();
    EXPECT_EQ(lists[0].examples.size(), 0u);
    ASSERT_EQ(lists[1].examples.size(), 1u);
    EXPECT_EQ(lists[1].examples[0].offset, 0u);
    ASSERT_EQ(lists[2].examples.size(), 1u);
    EXPECT_EQ(lists[2].examples[0].offset, lists.scratch().stride);
    for (std::size_t r = 0; r < kPatchPixels; ++r) {
      EXPECT_EQ(lists[1].values[r], static_cast<float>(r + 1));
      EXPECT_EQ(lists[2].values[r], r == 3 ? 255 : 0);
    }
    EXPECT_EQ(lists.scales()[1], 0.5f);
    EXPECT_EQ(lists.shifts()[1], 2);
  }
}

TEST(Patches, LitAffineEqualsTheDenseOne) {
  for (const Sizes& s : kSizes) {
    Pictures pictures(s);
    const std::size_t k = pictures.inputs.columns();
    const auto w = random_matrix({k, s.units}, 1), b = random_matrix({1, s.units}, 2);
    auto panel = make_panel<float>(k);
    Matrix<float> lit({s.examples, s.units}), dense({s.examples, s.units});
    for (const Activation activation : {Activation::kIdentity, Activation::kSigmoid}) {
      lit_affine(pictures.lists, w.view(), b.view(), activation, lit.view());
      affine<float>(pictures.inputs.view(), w.view(), b.view(), activation, dense.view(),
                    panel.view());
      expect_near(lit, dense, k, s);
    }
  }
}

TEST(Patches, LitUpdateEqualsTheDenseOneForEveryRule) {
  std::vector<UpdateRule<float>> rules = {{.rate = 0.25f}};
  rules.push_back({.rate = 0.25f, .momentum = 0.5f});
  rules.push_back({.rate = 0.25f, .momentum = 0.5f, .nesterov = true, .l1 = 0.1f, .l2 = 0.2f});
  rules.push_back({.rate = 0.25f, .l1 = 0.1f, .direct_l2 = 0.2f});
  for (const Sizes& s : kSizes) {
    Pictures pictures(s);
    const std::size_t k = pictures.inputs.columns();
    const auto deltas = random_matrix({s.examples, s.units}, 3);
    auto panel = make_panel<float>(s.examples);
    for (const UpdateRule<float>& rule : rules) {
      auto w = random_matrix({k, s.units}, 1), v = random_matrix({k, s.units}, 2);
      auto dense_w = w, dense_v = v;
      lit_update(pictures.lists, deltas.view(), rule, w.view(), v.view());
      update_weights<float>(pictures.inputs.view(), deltas.view(), rule, dense_w.view(),
                            dense_v.view(), panel.view());
      expect_near(w, dense_w, s.examples, s);
      expect_near(v, dense_v, s.examples, s);
    }
  }
}

TEST(Patches, GiveTheSameBitsHoweverTheColumnsAreDivided) {
  const Sizes s = {37, 28, 28, 100};
  Pictures pictures(s);
  const auto step = [&](std::size_t width) {
    auto w = random_matrix({784, s.units}, 1);
    const auto b = random_matrix({1, s.units}, 2);
    Matrix<float> z({s.examples, s.units}), v({784, s.units});
    for (std::size_t first = 0; first < s.units; first += width) {
      const std::size_t size = std::min(width, s.units - first);
      const auto own = [&](auto view) { return view.columns(first, size); };
      lit_affine(pictures.lists, own(w.view()), own(b.view()), Activation::kTanh, own(z.view()));
      lit_update(pictures.lists, own(z.view()), {.rate = 0.1f, .momentum = 0.5f}, own(w.view()),
                 own(v.view()));
    }
    return w;
  };
  const auto whole = step(s.units);
  for (const std::size_t width : {16, 32, 64}) {
    const auto parts = step(width);
    for (std::size_t i = 0; i < 784; ++i) {
      for (std::size_t j = 0; j < s.units; ++j) ASSERT_EQ(whole(i, j), parts(i, j));
    }
  }
}

}  // namespace
}  // namespace deltarule
