// The products equal the reference on every shape up to 40, and at the sizes in use, on every
// instruction set. testing.h derives the bounds. Results of smaller shapes are parts of those of
// larger ones, so that the reference computes few; activations and rules take turns, so that each
// meets every pair of sizes.
#include <algorithm>
#include <utility>

#include "deltarule/math/kernels.h"
#include "deltarule/math/reference.h"
#include "deltarule/math/testing.h"

namespace deltarule {
namespace {

template <class T>
class EveryShapeTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(EveryShapeTest, Types);

constexpr std::size_t kMost = 40;
/// All sizes where the build is optimized; a few of them where it looks for other mistakes.
#ifdef NDEBUG
constexpr std::size_t kStep = 1;
#else
constexpr std::size_t kStep = 13;
#endif

constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                       Activation::kSigmoid, Activation::kRelu};

const UpdateRule<double> kRules[] = {
    {.rate = 0.25},
    {.rate = 0.25, .momentum = 0.5},
    {.rate = 0.25, .momentum = 0.5, .nesterov = true},
    {.rate = 0.25, .l1 = 0.5, .l2 = 0.25, .direct_l1 = 0.125, .direct_l2 = 0.5},
    {.rate = 0.25, .momentum = 0.5, .nesterov = true, .l1 = -0.5, .direct_l2 = 0.5},
};

template <class T>
UpdateRule<T> rounded(const UpdateRule<double>& rule) {
  return {
      static_cast<T>(rule.rate),     static_cast<T>(rule.momentum), rule.nesterov,
      static_cast<T>(rule.l1),       static_cast<T>(rule.l2),       static_cast<T>(rule.direct_l1),
      static_cast<T>(rule.direct_l2)};
}

/// Calls work(size) for the sizes to try.
template <class Work>
void for_sizes(const Work& work) {
  for (std::size_t size = 1; size <= kMost; size += kStep) work(size);
}

/// The first rows and columns.
template <class T>
Matrix<T> corner(const Matrix<T>& matrix, Shape shape) {
  Matrix<T> result(shape);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    std::copy_n(matrix.row(i).begin(), shape.columns, result.row(i).begin());
  }
  return result;
}

/// Of all columns, the first 0, 1, 2, … kMost.
template <class T>
std::vector<Matrix<T>> columns_up_to_most(const Matrix<T>& matrix) {
  std::vector<Matrix<T>> result;
  for (std::size_t width = 0; width <= kMost; ++width) {
    result.push_back(corner(matrix, {matrix.rows(), width}));
  }
  return result;
}

/// Inputs (n, in), weights (in, out), biases, outputs below (n, in), deltas (n, out), velocity.
template <class T>
struct Operands {
  Matrix<T> x, w, b, z, d, v;
};

template <class T>
Operands<T> random_operands(std::size_t n, std::size_t in, std::size_t out) {
  Operands<T> o = {random_matrix<T>({n, in}, 1),  random_matrix<T>({in, out}, 2),
                   random_matrix<T>({1, out}, 3), random_matrix<T>({n, in}, 4),
                   random_matrix<T>({n, out}, 5), random_matrix<T>({in, out}, 6)};
  o.w(0, 0) = 0;  // sign(0) = 0
  return o;
}

// A sum has `in` products and the bias. The functions' slopes are at most 1, and 16 roundings are
// for the functions themselves.
template <class T>
Expected expected_affine(const Matrix<T>& x, const Matrix<T>& w, const Matrix<T>& b,
                         Activation activation) {
  const Shape shape = {x.rows(), w.columns()};
  Expected expected = {Matrix<double>(shape), Matrix<double>(shape),
                       static_cast<double>(w.rows() + 2), 16};
  reference::affine<double>(widened(x).view(), widened(w).view(), widened(b).view(), activation,
                            expected.values.view());
  reference::affine<double>(magnitudes(x).view(), magnitudes(w).view(), magnitudes(b).view(),
                            Activation::kIdentity, expected.magnitudes.view());
  return expected;
}

// |g′| is at most 2 for z in [−1, 1], that of z(1 − z) at z = −1, and off by at most 4 roundings;
// the product with it is rounded once more.
template <class T>
Expected expected_back(const Matrix<T>& d, const Matrix<T>& w, const Matrix<T>& z,
                       Activation activation) {
  Expected expected = {Matrix<double>(z.shape()), Matrix<double>(z.shape()),
                       static_cast<double>(2 * (w.columns() + 2) + 4), 0};
  reference::propagate_back<double>(widened(d).view(), widened(w).view(), widened(z).view(),
                                    activation, expected.values.view());
  reference::propagate_back<double>(magnitudes(d).view(), magnitudes(w).view(), widened(z).view(),
                                    Activation::kIdentity, expected.magnitudes.view());
  return expected;
}

template <class T>
Expected expected_gradient(const Matrix<T>& x, const Matrix<T>& d) {
  const Shape shape = {x.columns(), d.columns()};
  Expected expected = {Matrix<double>(shape), Matrix<double>(shape),
                       static_cast<double>(x.rows() + 1), 0};
  reference::weight_gradient<double>(widened(x).view(), widened(d).view(), expected.values.view());
  reference::weight_gradient<double>(magnitudes(x).view(), magnitudes(d).view(),
                                     expected.magnitudes.view());
  return expected;
}

/// Weights and velocity after an update.
struct ExpectedUpdate {
  Expected weights, velocity;
};

// No number that an update comes by is above 4 + Σ|a||b| with these rules, and 12 are rounded.
template <class T>
ExpectedUpdate expected_update(const Operands<T>& o, const UpdateRule<double>& rule) {
  const Expected gradient = expected_gradient(o.x, o.d);
  Matrix<double> weights = widened(o.w), velocity = widened(o.v);
  reference::update_weights<double>(widened(o.x).view(), widened(o.d).view(), rule, weights.view(),
                                    velocity.view());
  const double per_magnitude = gradient.per_magnitude + 12;
  return {{std::move(weights), gradient.magnitudes, per_magnitude, 12 * 4},
          {std::move(velocity), gradient.magnitudes, per_magnitude, 12 * 4}};
}

TYPED_TEST(EveryShapeTest, AffineEqualsTheReference) {
  const auto all = random_operands<TypeParam>(kMost, kMost, kMost);
  const auto inputs = columns_up_to_most(all.x);
  auto panel = make_panel<TypeParam>(kMost);
  on_every_instruction_set([&] {
    for_sizes([&](std::size_t in) {
      const auto& x = inputs[in];
      std::vector<Expected> expected;
      const auto rows = corner(all.w, {in, kMost});
      for (const auto g : kActivations) expected.push_back(expected_affine(x, rows, all.b, g));
      for_sizes([&](std::size_t out) {
        const auto w = corner(all.w, {in, out}), b = corner(all.b, {1, out});
        Matrix<TypeParam> result({kMost, out});
        for_sizes([&](std::size_t n) {
          const std::size_t which = (n + in + out) % std::size(kActivations);
          affine<TypeParam>(x.view().rows(0, n), w.view(), b.view(), kActivations[which],
                            result.view().rows(0, n), panel.view());
          const auto part = std::as_const(result).view().rows(0, n);
          ASSERT_EQ(deviation(part, expected[which]), "") << n << " x " << in << " x " << out;
        });
      });
    });
  });
}

TYPED_TEST(EveryShapeTest, PropagateBackEqualsTheReference) {
  const auto all = random_operands<TypeParam>(kMost, kMost, kMost);
  const auto outputs = columns_up_to_most(all.z);
  auto panel = make_panel<TypeParam>(kMost);
  on_every_instruction_set([&] {
    for_sizes([&](std::size_t out) {
      const auto d = corner(all.d, {kMost, out}), columns = corner(all.w, {kMost, out});
      std::vector<Expected> expected;
      for (const auto g : kActivations) expected.push_back(expected_back(d, columns, all.z, g));
      for_sizes([&](std::size_t in) {
        const auto w = corner(all.w, {in, out});
        Matrix<TypeParam> result({kMost, in});
        for_sizes([&](std::size_t n) {
          const std::size_t which = (n + in + out) % std::size(kActivations);
          propagate_back<TypeParam>(d.view().rows(0, n), w.view(), outputs[in].view().rows(0, n),
                                    kActivations[which], result.view().rows(0, n), panel.view());
          const auto part = std::as_const(result).view().rows(0, n);
          ASSERT_EQ(deviation(part, expected[which]), "") << n << " x " << in << " x " << out;
        });
      });
    });
  });
}

TYPED_TEST(EveryShapeTest, WeightGradientEqualsTheReference) {
  const auto all = random_operands<TypeParam>(kMost, kMost, kMost);
  const auto inputs = columns_up_to_most(all.x), deltas = columns_up_to_most(all.d);
  auto panel = make_panel<TypeParam>(kMost);
  on_every_instruction_set([&] {
    for_sizes([&](std::size_t n) {
      const auto expected = expected_gradient(corner(all.x, {n, kMost}), corner(all.d, {n, kMost}));
      for_sizes([&](std::size_t in) {
        for_sizes([&](std::size_t out) {
          Matrix<TypeParam> gradient({in, out});
          weight_gradient<TypeParam>(inputs[in].view().rows(0, n), deltas[out].view().rows(0, n),
                                     gradient.view(), panel.view());
          ASSERT_EQ(deviation(std::as_const(gradient).view(), expected), "")
              << n << " x " << in << " x " << out;
        });
      });
    });
  });
}

TYPED_TEST(EveryShapeTest, UpdateWeightsEqualsTheReference) {
  const auto all = random_operands<TypeParam>(kMost, kMost, kMost);
  const auto inputs = columns_up_to_most(all.x), deltas = columns_up_to_most(all.d);
  auto panel = make_panel<TypeParam>(kMost);
  on_every_instruction_set([&] {
    for_sizes([&](std::size_t n) {
      Operands<TypeParam> first = all;
      first.x = corner(all.x, {n, kMost});
      first.d = corner(all.d, {n, kMost});
      std::vector<ExpectedUpdate> expected;
      for (const auto& rule : kRules) expected.push_back(expected_update(first, rule));
      for_sizes([&](std::size_t in) {
        for_sizes([&](std::size_t out) {
          const std::size_t which = (n + in + out) % std::size(kRules);
          const auto rule = rounded<TypeParam>(kRules[which]);
          auto w = corner(all.w, {in, out}), v = corner(all.v, {in, out});
          update_weights<TypeParam>(inputs[in].view().rows(0, n), deltas[out].view().rows(0, n),
                                    rule, w.view(), v.view(), panel.view());
          const std::string of_w = deviation(std::as_const(w).view(), expected[which].weights);
          ASSERT_EQ(of_w, "") << n << " x " << in << " x " << out << ", rule " << which;
          if (rule.momentum == 0) return;  // the velocity is not touched
          const std::string of_v = deviation(std::as_const(v).view(), expected[which].velocity);
          ASSERT_EQ(of_v, "") << n << " x " << in << " x " << out << ", rule " << which;
        });
      });
    });
  });
}

// The sizes in use.

/// The rows of a result that are compared: all, or the first and last of them where the reference
/// would take seconds.
std::vector<std::size_t> rows_to_compare(std::size_t rows, std::size_t products_of_a_row) {
  constexpr std::size_t kEnds = 4, kMostProducts = 20'000'000;
  const bool all = rows * products_of_a_row <= kMostProducts;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < rows; ++i) {
    if (all || i < kEnds || i + kEnds >= rows) result.push_back(i);
  }
  return result;
}

template <class T>
Matrix<T> rows_of(const Matrix<T>& matrix, const std::vector<std::size_t>& rows) {
  Matrix<T> result({rows.size(), matrix.columns()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(matrix.row(rows[i]).begin(), matrix.columns(), result.row(i).begin());
  }
  return result;
}

template <class T>
Matrix<T> columns_of(const Matrix<T>& matrix, const std::vector<std::size_t>& columns) {
  Matrix<T> result({matrix.rows(), columns.size()});
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) result(i, j) = matrix(i, columns[j]);
  }
  return result;
}

template <class T>
std::string deviation_in(const Matrix<T>& result, const std::vector<std::size_t>& rows,
                         const Expected& expected) {
  const Matrix<T> compared = rows_of(result, rows);
  return deviation(compared.view(), expected);
}

template <class T>
void expect_products_equal_the_reference(std::size_t n, std::size_t in, std::size_t out) {
  const auto o = random_operands<T>(n, in, out);
  const auto some_examples = rows_to_compare(n, in * out);
  const auto some_inputs = rows_to_compare(in, n * out);
  const UpdateRule<double>& rule = kRules[4];
  const Operands<T> some = {columns_of(o.x, some_inputs), rows_of(o.w, some_inputs), o.b, {}, o.d,
                            rows_of(o.v, some_inputs)};
  const auto forward = expected_affine(rows_of(o.x, some_examples), o.w, o.b, Activation::kTanh);
  const auto back = expected_back(rows_of(o.d, some_examples), o.w, rows_of(o.z, some_examples),
                                  Activation::kTanh);
  const auto update = expected_update(some, rule);
  auto panel = make_panel<T>(std::max({n, in, out}));
  on_every_instruction_set([&] {
    Matrix<T> outputs({n, out}), deltas({n, in}), w = o.w, v = o.v;
    affine<T>(o.x.view(), o.w.view(), o.b.view(), Activation::kTanh, outputs.view(), panel.view());
    EXPECT_EQ(deviation_in(outputs, some_examples, forward), "");
    propagate_back<T>(o.d.view(), o.w.view(), o.z.view(), Activation::kTanh, deltas.view(),
                      panel.view());
    EXPECT_EQ(deviation_in(deltas, some_examples, back), "");
    update_weights<T>(o.x.view(), o.d.view(), rounded<T>(rule), w.view(), v.view(), panel.view());
    EXPECT_EQ(deviation_in(w, some_inputs, update.weights), "");
    EXPECT_EQ(deviation_in(v, some_inputs, update.velocity), "");
  });
}

TYPED_TEST(EveryShapeTest, ProductsOfTheSizesInUseEqualTheReference) {
  constexpr std::size_t kSizes[][3] = {{128, 784, 128},  {77, 50, 129},  {128, 128, 10},
                                       {128, 784, 800},  {128, 800, 10}, {256, 784, 128},
                                       {128, 2500, 2000}};
  for (const auto& [n, in, out] : kSizes) {
    SCOPED_TRACE(std::to_string(n) + " x " + std::to_string(in) + " x " + std::to_string(out));
    expect_products_equal_the_reference<TypeParam>(n, in, out);
  }
}

}  // namespace
}  // namespace deltarule
