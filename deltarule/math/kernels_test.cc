#include "deltarule/math/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "deltarule/base/random.h"
#include "deltarule/math/reference.h"

// Each kernel is compared with the plain loops of reference.h, run in double on the same numbers.
// The bound is derived: a sum of k products, each step rounded once or twice, is off by at most
// 2(k + 2) u Σ|a||b| (Higham 2002, section 3.1), u the unit roundoff of T.

namespace deltarule {
namespace {

template <class T>
class KernelsTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(KernelsTest, Types);

struct Sizes {
  std::size_t examples, in, out;
};

std::vector<Sizes> sizes_to_try() {
  std::vector<Sizes> sizes = {{128, 784, 128}, {128, 128, 10}, {77, 50, 129}};
  for (const std::size_t examples : {1, 2, 7, 8, 9, 40}) {
    for (const std::size_t in : {1, 3, 8, 17, 40}) {
      for (const std::size_t out : {1, 2, 10, 15, 16, 17, 31, 32, 33, 40}) {
        sizes.push_back({examples, in, out});
      }
    }
  }
  return sizes;
}

template <class T>
Matrix<T> random_matrix(Shape shape, std::uint32_t substream) {
  Random random(11, Stream::kSample, substream);
  Matrix<T> matrix(shape);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (T& x : matrix.row(i)) x = static_cast<T>(random.uniform(-1, 1));
  }
  return matrix;
}

template <class T>
Matrix<double> widened(const Matrix<T>& matrix) {
  Matrix<double> result(matrix.shape());
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    std::copy(matrix.row(i).begin(), matrix.row(i).end(), result.row(i).begin());
  }
  return result;
}

/// Σ|a||b| is at most k, since all factors are in [−1, 1].
template <class T>
double product_bound(std::size_t k) {
  const double u = std::numeric_limits<T>::epsilon() / 2;
  return 2 * static_cast<double>(k + 2) * u * static_cast<double>(k + 1);
}

/// Against a double reference the kernel in double may differ by the reference's own error too.
template <class T>
void expect_near(const Matrix<T>& actual, const Matrix<double>& expected, double bound,
                 const Sizes& s) {
  for (std::size_t i = 0; i < actual.rows(); ++i) {
    for (std::size_t j = 0; j < actual.columns(); ++j) {
      ASSERT_NEAR(static_cast<double>(actual(i, j)), expected(i, j), 2 * bound)
          << "at (" << i << ", " << j << ") for " << s.examples << " examples, " << s.in << " in, "
          << s.out << " out";
    }
  }
}

constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                       Activation::kSigmoid, Activation::kRelu};

TYPED_TEST(KernelsTest, AffineEqualsTheReferenceOnAllShapes) {
  for (const Sizes& s : sizes_to_try()) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
    const auto b = random_matrix<TypeParam>({1, s.out}, 3);
    for (const Activation activation : kActivations) {
      Matrix<TypeParam> z({s.examples, s.out});
      auto panel = make_panel<TypeParam>(s.in);
      affine<TypeParam>(x.view(), w.view(), b.view(), activation, z.view(), panel.view());
      Matrix<double> expected({s.examples, s.out});
      const auto dx = widened(x), dw = widened(w), db = widened(b);
      reference::affine<double>(dx.view(), dw.view(), db.view(), activation, expected.view());
      // Slopes are at most 1; 8 units in the last place for the function itself.
      const double own = 8 * std::numeric_limits<TypeParam>::epsilon();
      expect_near(z, expected, product_bound<TypeParam>(s.in) + own, s);
    }
  }
}

TYPED_TEST(KernelsTest, PropagateBackEqualsTheReferenceOnAllShapes) {
  for (const Sizes& s : sizes_to_try()) {
    const auto deltas = random_matrix<TypeParam>({s.examples, s.out}, 1);
    const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
    const auto z = random_matrix<TypeParam>({s.examples, s.in}, 3);
    for (const Activation activation : kActivations) {
      Matrix<TypeParam> result({s.examples, s.in});
      auto panel = make_panel<TypeParam>(s.out);
      propagate_back<TypeParam>(deltas.view(), w.view(), z.view(), activation, result.view(),
                                panel.view());
      Matrix<double> expected({s.examples, s.in});
      const auto dd = widened(deltas), dw = widened(w), dz = widened(z);
      reference::propagate_back<double>(dd.view(), dw.view(), dz.view(), activation,
                                        expected.view());
      // |g′| is at most 2 for z in [−1, 1]: z(1 − z) at z = −1.
      expect_near(result, expected, 2 * product_bound<TypeParam>(s.out + 4), s);
    }
  }
}

TYPED_TEST(KernelsTest, WeightGradientEqualsTheReferenceOnAllShapes) {
  for (const Sizes& s : sizes_to_try()) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto deltas = random_matrix<TypeParam>({s.examples, s.out}, 2);
    Matrix<TypeParam> gradient({s.in, s.out});
    auto panel = make_panel<TypeParam>(s.examples);
    weight_gradient<TypeParam>(x.view(), deltas.view(), gradient.view(), panel.view());
    Matrix<double> expected({s.in, s.out});
    const auto dx = widened(x), dd = widened(deltas);
    reference::weight_gradient<double>(dx.view(), dd.view(), expected.view());
    expect_near(gradient, expected, product_bound<TypeParam>(s.examples), s);
  }
}

TYPED_TEST(KernelsTest, UpdateWeightsEqualsTheReferenceForEveryRule) {
  std::vector<UpdateRule<double>> rules = {{.rate = 0.25}};
  rules.push_back({.rate = 0.25, .momentum = 0.5});
  rules.push_back({.rate = 0.25, .momentum = 0.5, .nesterov = true});
  rules.push_back({.rate = 0.25, .l1 = 0.5, .l2 = 0.25, .direct_l1 = 0.125, .direct_l2 = 0.5});
  rules.push_back({.rate = 0.25, .momentum = 0.5, .nesterov = true, .l1 = -0.5, .direct_l2 = 0.5});
  for (const UpdateRule<double>& rule : rules) {
    const UpdateRule<TypeParam> own = {
        static_cast<TypeParam>(rule.rate),
        static_cast<TypeParam>(rule.momentum),
        rule.nesterov,
        static_cast<TypeParam>(rule.l1),
        static_cast<TypeParam>(rule.l2),
        static_cast<TypeParam>(rule.direct_l1),
        static_cast<TypeParam>(rule.direct_l2),
    };
    for (const Sizes& s : sizes_to_try()) {
      const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
      const auto deltas = random_matrix<TypeParam>({s.examples, s.out}, 2);
      auto w = random_matrix<TypeParam>({s.in, s.out}, 3);
      auto v = random_matrix<TypeParam>({s.in, s.out}, 4);
      w(0, 0) = 0;  // sign(0) = 0
      auto expected_w = widened(w), expected_v = widened(v);
      const auto dx = widened(x), dd = widened(deltas);
      auto panel = make_panel<TypeParam>(s.examples);
      update_weights<TypeParam>(x.view(), deltas.view(), own, w.view(), v.view(), panel.view());
      reference::update_weights<double>(dx.view(), dd.view(), rule, expected_w.view(),
                                        expected_v.view());
      // Ten more roundings of numbers below 4.
      const double bound = product_bound<TypeParam>(s.examples + 10);
      expect_near(w, expected_w, bound, s);
      expect_near(v, expected_v, bound, s);
    }
  }
}

TYPED_TEST(KernelsTest, PaddingOfWeightsStaysZero) {
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
}

TYPED_TEST(KernelsTest, GiveTheSameBitsHoweverTheColumnsAreDivided) {
  for (const Sizes& s : {Sizes{128, 784, 128}, Sizes{37, 100, 600}, Sizes{1, 9, 40}}) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
    const auto b = random_matrix<TypeParam>({1, s.out}, 3);
    const auto step = [&](std::size_t width) {
      Matrix<TypeParam> z({s.examples, s.out}), updated = w, velocity({s.in, s.out});
      auto panel = make_panel<TypeParam>(std::max(s.in, s.examples));
      for (std::size_t first = 0; first < s.out; first += width) {
        const std::size_t size = std::min(width, s.out - first);
        const auto own = [&](auto view) { return view.columns(first, size); };
        affine<TypeParam>(x.view(), own(w.view()), own(b.view()), Activation::kTanh, own(z.view()),
                          panel.view());
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
}

TYPED_TEST(KernelsTest, SumRowsAddsInOrder) {
  const auto matrix = random_matrix<TypeParam>({77, 35}, 1);
  Matrix<TypeParam> sums({1, 35});
  sum_rows<TypeParam>(matrix.view(), sums.view());
  for (std::size_t j = 0; j < 35; ++j) {
    TypeParam expected = 0;
    for (std::size_t n = 0; n < 77; ++n) expected += matrix(n, j);
    EXPECT_EQ(sums(0, j), expected);
  }
}

TYPED_TEST(KernelsTest, SoftmaxLossEqualsTheReferenceForAnyNumberOfClasses) {
  const double u = std::numeric_limits<TypeParam>::epsilon();
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
      EXPECT_NEAR(losses(0, n), loss, 40 * u * 40);
      for (std::size_t k = 0; k < classes; ++k) {
        const double y = std::exp(static_cast<double>(row[k]) - greatest) / total;
        // Of numbers up to 36 a rounding is 18 units, which the exponential takes over.
        EXPECT_NEAR(deltas(n, k), 0.5 * (y - (k == labels[n])), 30 * u);
      }
    }
    EXPECT_NEAR(sum.loss, expected_sum, 19 * 40 * u * 40);
    EXPECT_EQ(sum.correct, correct);
  }
}

TYPED_TEST(KernelsTest, SoftmaxLossOfWhatIsNotFiniteIsNotFinite) {
  for (const TypeParam bad :
       {std::numeric_limits<TypeParam>::quiet_NaN(), std::numeric_limits<TypeParam>::infinity()}) {
    for (std::size_t place = 0; place < 21; ++place) {
      auto logits = random_matrix<TypeParam>({1, 21}, 1);
      logits(0, place) = bad;
      Matrix<TypeParam> losses({2, 1});
      const std::uint16_t label = 3;
      EXPECT_FALSE(std::isfinite(
          softmax_loss<TypeParam>(logits.view(), {&label, 1}, 1, {}, losses.view()).loss));
    }
  }
}

TYPED_TEST(KernelsTest, NoActivationHidesNaN) {
  for (const Activation activation : kActivations) {
    Matrix<TypeParam> x({1, 1}), w({1, 20}), b({1, 20}), z({1, 20});
    x(0, 0) = std::numeric_limits<TypeParam>::quiet_NaN();
    auto panel = make_panel<TypeParam>(1);
    affine<TypeParam>(x.view(), w.view(), b.view(), activation, z.view(), panel.view());
    for (const TypeParam value : z.row(0)) EXPECT_TRUE(std::isnan(value)) << name_of(activation);
  }
}

TEST(Tanh, IsWithinSevenRoundingsOfTheTruth) {
  Matrix<float> x({1, 1}), w({1, 16}), b({1, 16}), z({1, 16});
  auto panel = make_panel<float>(1);
  for (float a = -12; a < 12; a += 0.00037f) {
    b(0, 5) = a;
    affine<float>(x.view(), w.view(), b.view(), Activation::kTanh, z.view(), panel.view());
    const double truth = std::tanh(static_cast<double>(a));
    ASSERT_NEAR(z(0, 5), truth, 7 * 0x1p-24 * std::abs(truth)) << a;
    ASSERT_LE(std::abs(z(0, 5)), 1);
  }
}

}  // namespace
}  // namespace deltarule
