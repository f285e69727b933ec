#include "deltarule/math/kernels.h"

#include <algorithm>
#include <utility>

#include "deltarule/math/testing.h"

// What is asked of the kernels beside equality with the reference: see every_shape_test.cc.

namespace deltarule {
namespace {

template <class T>
class KernelsTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(KernelsTest, Types);

constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                       Activation::kSigmoid, Activation::kRelu};

TYPED_TEST(KernelsTest, PaddingOfWeightsStaysZero) {
  on_every_instruction_set([] {
    const auto x = random_matrix<TypeParam>({9, 5}, 1);
    const auto deltas = random_matrix<TypeParam>({9, 3}, 2);
    auto w = random_matrix<TypeParam>({5, 3}, 3);
    Matrix<TypeParam> v({5, 3});
    const UpdateRule<TypeParam> rule = {.rate = 1, .momentum = TypeParam(0.5), .l1 = 1, .l2 = 1};
    auto panel = make_panel<TypeParam>(9);
    update_weights<TypeParam>(x.view(), deltas.view(), rule, w.view(), v.view(), panel.view());
    const MatrixView<TypeParam> view = w.view();
    for (std::size_t i = 0; i < view.rows(); ++i) {
      for (std::size_t j = view.columns(); j < view.stride; ++j) EXPECT_EQ(view.row_data(i)[j], 0);
    }
  });
}

TYPED_TEST(KernelsTest, GiveTheSameBitsHoweverTheColumnsAreDivided) {
  on_every_instruction_set([] {
    struct Sizes {
      std::size_t examples, in, out;
    };
    for (const Sizes s : {Sizes{128, 784, 128}, Sizes{37, 100, 600}, Sizes{1, 9, 40}}) {
      const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
      const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
      const auto b = random_matrix<TypeParam>({1, s.out}, 3);
      const auto step = [&](std::size_t width) {
        Matrix<TypeParam> z({s.examples, s.out}), updated = w, velocity({s.in, s.out});
        auto panel = make_panel<TypeParam>(std::max(s.in, s.examples));
        for (std::size_t first = 0; first < s.out; first += width) {
          const std::size_t size = std::min(width, s.out - first);
          const auto own = [&](auto view) { return view.columns(first, size); };
          affine<TypeParam>(x.view(), own(w.view()), own(b.view()), Activation::kTanh,
                            own(z.view()), panel.view());
          update_weights<TypeParam>(x.view(), own(std::as_const(z).view()),
                                    {.rate = 1, .momentum = TypeParam(0.5)}, own(updated.view()),
                                    own(velocity.view()), panel.view());
        }
        return updated;
      };
      const auto whole = step(s.out);
      for (const std::size_t width : {16, 32, 64}) {
        const auto parts = step(width);
        for (std::size_t i = 0; i < s.in; ++i) {
          for (std::size_t j = 0; j < s.out; ++j) ASSERT_EQ(whole(i, j), parts(i, j));
        }
      }
    }
  });
}

TYPED_TEST(KernelsTest, SumRowsAddsInOrder) {
  on_every_instruction_set([] {
    const auto matrix = random_matrix<TypeParam>({77, 35}, 1);
    Matrix<TypeParam> sums({1, 35});
    sum_rows<TypeParam>(matrix.view(), sums.view());
    for (std::size_t j = 0; j < 35; ++j) {
      TypeParam expected = 0;
      for (std::size_t n = 0; n < 77; ++n) expected += matrix(n, j);
      EXPECT_EQ(sums(0, j), expected);
    }
  });
}

TYPED_TEST(KernelsTest, SoftmaxLossEqualsTheReferenceForAnyNumberOfClasses) {
  on_every_instruction_set([] {
    const double u = kUnitRoundoff<TypeParam>;
    // Of differences up to 36 the rounding is 36 u, which the exponential takes over and adds 2 to;
    // the sum of up to 40 of them adds 40: about 80. A delta is half of a term by such a sum.
    constexpr double kOfDelta = (38 + 80 + 4) / 2.0;
    // The logarithm adds 4 units in the last place of numbers up to 3.7, the label's logit 36, and
    // adding the two 40.
    constexpr double kOfLoss = 80 + 30 + 36 + 40;
    for (std::size_t classes = 1; classes <= 40; ++classes) {
      auto logits = random_matrix<TypeParam>({19, classes}, 1);
      std::vector<std::uint16_t> labels;
      for (std::size_t n = 0; n < 19; ++n) {
        labels.push_back(static_cast<std::uint16_t>(n % classes));
        for (TypeParam& a : logits.row(n)) a *= static_cast<TypeParam>(n);  // up to ±18
      }
      Matrix<TypeParam> deltas({19, classes}), losses({2, 19});
      const LossSum sum = softmax_loss<TypeParam>(logits.view(), labels, TypeParam(0.5),
                                                  deltas.view(), losses.view());
      double expected_sum = 0;
      std::size_t correct = 0;
      for (std::size_t n = 0; n < 19; ++n) {
        const auto row = logits.row(n);
        const double greatest = *std::max_element(row.begin(), row.end());
        double total = 0;
        for (const TypeParam a : row) total += std::exp(static_cast<double>(a) - greatest);
        const double loss = std::log(total) + greatest - row[labels[n]];
        expected_sum += loss;
        correct += std::max_element(row.begin(), row.end()) - row.begin() == labels[n];
        EXPECT_NEAR(losses(0, n), loss, kOfLoss * u);
        for (std::size_t k = 0; k < classes; ++k) {
          const double y = std::exp(static_cast<double>(row[k]) - greatest) / total;
          EXPECT_NEAR(deltas(n, k), 0.5 * (y - (k == labels[n])), kOfDelta * u);
        }
      }
      EXPECT_NEAR(sum.loss, expected_sum, 19 * kOfLoss * u);
      EXPECT_EQ(sum.correct, correct);
    }
  });
}

TYPED_TEST(KernelsTest, SoftmaxLossOfWhatIsNotFiniteIsNotFinite) {
  on_every_instruction_set([] {
    for (const TypeParam bad : {std::numeric_limits<TypeParam>::quiet_NaN(),
                                std::numeric_limits<TypeParam>::infinity()}) {
      for (std::size_t place = 0; place < 21; ++place) {
        auto logits = random_matrix<TypeParam>({1, 21}, 1);
        logits(0, place) = bad;
        Matrix<TypeParam> losses({2, 1});
        const std::uint16_t label = 3;
        EXPECT_FALSE(std::isfinite(
            softmax_loss<TypeParam>(logits.view(), {&label, 1}, 1, {}, losses.view()).loss));
      }
    }
  });
}

TYPED_TEST(KernelsTest, NoActivationHidesNaN) {
  on_every_instruction_set([] {
    for (const Activation activation : kActivations) {
      Matrix<TypeParam> x({1, 1}), w({1, 20}), b({1, 20}), z({1, 20});
      x(0, 0) = std::numeric_limits<TypeParam>::quiet_NaN();
      auto panel = make_panel<TypeParam>(1);
      affine<TypeParam>(x.view(), w.view(), b.view(), activation, z.view(), panel.view());
      for (const TypeParam value : z.row(0)) EXPECT_TRUE(std::isnan(value)) << name_of(activation);
    }
  });
}

TEST(Tanh, IsWithinSevenRoundingsOfTheTruth) {
  on_every_instruction_set([] {
    Matrix<float> x({1, 1}), w({1, 16}), b({1, 16}), z({1, 16});
    auto panel = make_panel<float>(1);
    for (float a = -12; a < 12; a += 0.00037f) {
      b(0, 5) = a;
      affine<float>(x.view(), w.view(), b.view(), Activation::kTanh, z.view(), panel.view());
      const double truth = std::tanh(static_cast<double>(a));
      ASSERT_NEAR(z(0, 5), truth, 7 * 0x1p-24 * std::abs(truth)) << a;
      ASSERT_LE(std::abs(z(0, 5)), 1);
    }
  });
}

}  // namespace
}  // namespace deltarule
