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
  ThreadTeam team(1);
  for (const Sizes& s : sizes_to_try()) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
    const auto b = random_matrix<TypeParam>({1, s.out}, 3);
    for (const Activation activation : kActivations) {
      Matrix<TypeParam> z({s.examples, s.out});
      affine<TypeParam>(x.view(), w.view(), b.view(), activation, z.view(), team);
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
  ThreadTeam team(1);
  for (const Sizes& s : sizes_to_try()) {
    const auto deltas = random_matrix<TypeParam>({s.examples, s.out}, 1);
    const auto w = random_matrix<TypeParam>({s.out, s.in}, 2);
    const auto z = random_matrix<TypeParam>({s.examples, s.in}, 3);
    for (const Activation activation : kActivations) {
      Matrix<TypeParam> result({s.examples, s.in});
      propagate_back<TypeParam>(deltas.view(), w.view(), z.view(), activation, result.view(), team);
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
  ThreadTeam team(1);
  for (const Sizes& s : sizes_to_try()) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto deltas = random_matrix<TypeParam>({s.examples, s.out}, 2);
    Matrix<TypeParam> gradient({s.in, s.out});
    weight_gradient<TypeParam>(x.view(), deltas.view(), gradient.view(), team);
    Matrix<double> expected({s.in, s.out});
    const auto dx = widened(x), dd = widened(deltas);
    reference::weight_gradient<double>(dx.view(), dd.view(), expected.view());
    expect_near(gradient, expected, product_bound<TypeParam>(s.examples), s);
  }
}

TYPED_TEST(KernelsTest, UpdateWeightsEqualsTheReferenceForEveryRule) {
  ThreadTeam team(1);
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
      update_weights<TypeParam>(x.view(), deltas.view(), own, w.view(), v.view(), team);
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
  ThreadTeam team(1);
  const auto x = random_matrix<TypeParam>({9, 5}, 1);
  const auto deltas = random_matrix<TypeParam>({9, 3}, 2);
  auto w = random_matrix<TypeParam>({5, 3}, 3);
  Matrix<TypeParam> v({5, 3});
  const UpdateRule<TypeParam> rule = {.rate = 1, .momentum = TypeParam(0.5), .l1 = 1, .l2 = 1};
  update_weights<TypeParam>(x.view(), deltas.view(), rule, w.view(), v.view(), team);
  const MatrixView<TypeParam> view = w.view();
  for (std::size_t i = 0; i < view.rows(); ++i) {
    for (std::size_t j = view.columns(); j < view.stride; ++j) EXPECT_EQ(view.row_data(i)[j], 0);
  }
}

TYPED_TEST(KernelsTest, GiveTheSameBitsAtAnyNumberOfThreads) {
  for (const Sizes& s : {Sizes{128, 784, 128}, Sizes{37, 100, 10}, Sizes{1, 9, 40}}) {
    const auto x = random_matrix<TypeParam>({s.examples, s.in}, 1);
    const auto w = random_matrix<TypeParam>({s.in, s.out}, 2);
    const auto b = random_matrix<TypeParam>({1, s.out}, 3);
    const auto step = [&](int threads) {
      ThreadTeam team(threads);
      Matrix<TypeParam> z({s.examples, s.out}), updated = w, velocity({s.in, s.out});
      affine<TypeParam>(x.view(), w.view(), b.view(), Activation::kTanh, z.view(), team);
      update_weights<TypeParam>(x.view(), z.view(), {.rate = 1, .momentum = TypeParam(0.5)},
                                updated.view(), velocity.view(), team);
      return updated;
    };
    const auto alone = step(1);
    for (const int threads : {2, 3, 7}) {
      const auto together = step(threads);
      for (std::size_t i = 0; i < s.in; ++i) {
        for (std::size_t j = 0; j < s.out; ++j) ASSERT_EQ(alone(i, j), together(i, j));
      }
    }
  }
}

TEST(InstructionSet, HasAName) { EXPECT_FALSE(instruction_set().empty()); }

}  // namespace
}  // namespace deltarule
