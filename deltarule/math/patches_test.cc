#include "deltarule/math/patches.h"

#include <array>
#include <utility>

#include "deltarule/base/random.h"
#include "deltarule/math/reference.h"
#include "deltarule/math/testing.h"

// The lit products are compared with the plain loops of reference.h, in double, on the normalized
// inputs x = p s − m. In s (P W) − m S + b a term is rounded as in a sum of as many products, once
// more in S, and three times in what follows; of its magnitude s p |w| and m |w| add up.

namespace deltarule {
namespace {

struct Sizes {
  std::size_t examples, height, width, units;
};

/// All sizes where the build is optimized; a few of them where it looks for other mistakes.
#ifdef NDEBUG
constexpr std::size_t kStep = 1;
#else
constexpr std::size_t kStep = 11;
#endif

/// In use; every picture up to 12×12 that has whole patches, odd ones among them; every number of
/// examples with every number of units up to 40.
std::vector<Sizes> sizes_to_try() {
  std::vector<Sizes> sizes = {{128, 28, 28, 128}, {128, 28, 28, 800}, {256, 28, 28, 128},
                              {17, 1, 36, 17},    {31, 2, 50, 100},   {9, 21, 20, 64}};
  for (std::size_t height = 1; height <= 12; height += kStep) {
    for (std::size_t width = 1; width <= 12; ++width) {
      if (height * width % kPatchPixels != 0) continue;
      for (const std::size_t units : {1, 16, 17, 40}) sizes.push_back({5, height, width, units});
    }
  }
  for (std::size_t examples = 1; examples <= 40; examples += kStep) {
    for (std::size_t units = 1; units <= 40; units += kStep) {
      sizes.push_back({examples, 4, 4, units});
      sizes.push_back({examples, 3, 4, units});
    }
  }
  return sizes;
}

/// Random pictures, mostly dark, as patch lists; as normalized inputs, and their magnitudes
/// s p + |m|.
struct Pictures {
  PatchLayout layout;
  Matrix<double> inputs, magnitudes;
  PatchLists lists;

  explicit Pictures(const Sizes& s)
      : layout(make_patch_layout(s.height, s.width)),
        inputs(Shape{s.examples, s.height * s.width}),
        magnitudes(inputs.shape()),
        lists(layout, s.examples, s.units) {
    Random random(5, Stream::kSample);
    for (std::size_t n = 0; n < s.examples; ++n) {
      std::vector<std::uint8_t> pixels(inputs.columns());
      for (auto& p : pixels) {
        p = random.below(10) < 8 ? 0 : static_cast<std::uint8_t>(random.below(256));
      }
      const auto scale = static_cast<float>(random.uniform(0, 1) / 255);
      const auto shift = static_cast<float>(random.uniform(-1, 1));
      for (std::size_t i = 0; i < pixels.size(); ++i) {
        inputs(n, i) = double{scale} * pixels[i] - double{shift};
        magnitudes(n, i) = double{scale} * pixels[i] + std::abs(shift);
      }
      lists.add(lit_patches(pixels), scale, shift);
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

std::string text_of(const Sizes& s) {
  return std::to_string(s.examples) + " pictures of " + std::to_string(s.height) + " x " +
         std::to_string(s.width) + ", " + std::to_string(s.units) + " units";
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
  on_every_instruction_set([] {
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
  });
}

/// Slopes are at most 1; 16 roundings for the function itself.
Expected expected_affine(const Pictures& pictures, const Matrix<float>& w, const Matrix<float>& b,
                         Activation activation) {
  const Shape shape = {pictures.inputs.rows(), w.columns()};
  Expected expected = {Matrix<double>(shape), Matrix<double>(shape),
                       static_cast<double>(w.rows() + 5), 16};
  reference::affine<double>(pictures.inputs.view(), widened(w).view(), widened(b).view(),
                            activation, expected.values.view());
  reference::affine<double>(pictures.magnitudes.view(), magnitudes(w).view(), magnitudes(b).view(),
                            Activation::kIdentity, expected.magnitudes.view());
  return expected;
}

TEST(Patches, LitAffineEqualsTheReferenceOnAllShapes) {
  constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                         Activation::kSigmoid, Activation::kRelu};
  std::size_t turn = 0;
  for (const Sizes& s : sizes_to_try()) {
    Pictures pictures(s);
    const auto w = random_matrix<float>({pictures.inputs.columns(), s.units}, 1);
    const auto b = random_matrix<float>({1, s.units}, 2);
    const Activation activation = kActivations[turn++ % std::size(kActivations)];
    const Expected expected = expected_affine(pictures, w, b, activation);
    on_every_instruction_set([&] {
      pictures.lists.finish();  // as this instruction set does it
      Matrix<float> outputs({s.examples, s.units});
      lit_affine(pictures.lists, w.view(), b.view(), activation, outputs.view());
      ASSERT_EQ(deviation(std::as_const(outputs).view(), expected), "") << text_of(s);
    });
  }
}

TEST(Patches, LitUpdateEqualsTheReferenceOnAllShapesForEveryRule) {
  const std::array<UpdateRule<double>, 4> rules = {{
      {.rate = 0.25},
      {.rate = 0.25, .momentum = 0.5},
      {.rate = 0.25, .momentum = 0.5, .nesterov = true, .l1 = 0.125, .l2 = 0.25},
      {.rate = 0.25, .l1 = 0.125, .direct_l2 = 0.25},
  }};
  std::size_t turn = 0;
  for (const Sizes& s : sizes_to_try()) {
    Pictures pictures(s);
    const Shape shape = {pictures.inputs.columns(), s.units};
    const auto deltas = random_matrix<float>({s.examples, s.units}, 3);
    const auto w = random_matrix<float>(shape, 1), v = random_matrix<float>(shape, 2);
    const UpdateRule<double>& rule = rules[turn++ % rules.size()];
    Matrix<double> new_w = widened(w), new_v = widened(v), sums(shape);
    reference::update_weights<double>(pictures.inputs.view(), widened(deltas).view(), rule,
                                      new_w.view(), new_v.view());
    reference::weight_gradient<double>(pictures.magnitudes.view(), magnitudes(deltas).view(),
                                       sums.view());
    // No number that an update comes by is above 4 + Σ|a||b| with these rules, and 12 are rounded.
    const double per_magnitude = static_cast<double>(s.examples + 4) + 12;
    const Expected expected_w = {std::move(new_w), sums, per_magnitude, 12 * 4};
    const Expected expected_v = {std::move(new_v), sums, per_magnitude, 12 * 4};
    const UpdateRule<float> own = {static_cast<float>(rule.rate),
                                   static_cast<float>(rule.momentum),
                                   rule.nesterov,
                                   static_cast<float>(rule.l1),
                                   static_cast<float>(rule.l2),
                                   static_cast<float>(rule.direct_l1),
                                   static_cast<float>(rule.direct_l2)};
    on_every_instruction_set([&] {
      pictures.lists.finish();
      auto result_w = w, result_v = v;
      lit_update(pictures.lists, deltas.view(), own, result_w.view(), result_v.view());
      ASSERT_EQ(deviation(std::as_const(result_w).view(), expected_w), "") << text_of(s);
      if (own.momentum == 0) return;  // the velocity is not touched
      ASSERT_EQ(deviation(std::as_const(result_v).view(), expected_v), "") << text_of(s);
    });
  }
}

TEST(Patches, GiveTheSameBitsHoweverTheColumnsAreDivided) {
  on_every_instruction_set([] {
    const Sizes s = {37, 28, 28, 100};
    Pictures pictures(s);
    const auto step = [&](std::size_t width) {
      auto w = random_matrix<float>({784, s.units}, 1);
      const auto b = random_matrix<float>({1, s.units}, 2);
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
  });
}

}  // namespace
}  // namespace deltarule
