#include "deltarule/math/row_product.h"

#include <vector>

#include "deltarule/base/random.h"
#include "deltarule/math/byte_row.h"
#include "deltarule/math/reference.h"
#include "deltarule/math/testing.h"

// The kernels are compared with the plain loops of reference.h in double. A sum of k products is
// off by at most 2(k + 2) u Σ|a||b| (Higham 2002, section 3.1), with u the unit roundoff. All
// factors are in [−1, 1], so Σ|a||b| ≤ k + 1; of the lit product it is at most 3k + 1: the pixels,
// and the constant row twice.

namespace deltarule {
namespace {

constexpr Activation kActivations[] = {Activation::kIdentity, Activation::kTanh,
                                       Activation::kSigmoid, Activation::kRelu};

std::vector<Shape> shapes_to_try() {
  std::vector<Shape> shapes = {{784, 128}, {128, 10}, {784, 800}, {800, 10}, {30, 500}, {9, 240}};
  for (std::size_t in = 1; in <= 40; ++in) {
    for (std::size_t out = 1; out <= 40; ++out) shapes.push_back({in, out});
  }
  return shapes;
}

/// A layer with random factors, what goes in, and what should come out before the activation.
struct Layer {
  Matrix<float> weights, biases, row_sum, outputs;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> places;
  Matrix<float> inputs;
  float scale = 1.0f / 255, shift = 0;

  explicit Layer(Shape shape)
      : weights(shape),
        biases(Shape{1, shape.columns}),
        row_sum(Shape{1, shape.columns}),
        outputs(Shape{1, shape.columns}),
        bytes(shape.rows),
        places(shape.rows + kLitSlack),
        inputs(Shape{1, shape.rows}) {
    Random random(4, Stream::kSample);
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (float& w : weights.row(i)) w = static_cast<float>(random.uniform(-1, 1));
      if (random.below(10) < 3) bytes[i] = static_cast<std::uint8_t>(random.below(256));
      inputs(0, i) = static_cast<float>(random.uniform(-1, 1));
    }
    for (float& b : biases.row(0)) b = static_cast<float>(random.uniform(-1, 1));
    for (std::size_t j = 0; j < shape.columns; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < shape.rows; ++i) sum += weights(i, j);
      row_sum(0, j) = static_cast<float>(sum);
    }
    shift = static_cast<float>(random.uniform(0, 1));
    places.resize(find_lit(bytes, places));
  }

  RowOutput output(Activation activation) { return {biases.view(), activation, outputs.view()}; }

  Matrix<double> lit_inputs() const {
    Matrix<double> x({1, bytes.size()});
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      x(0, i) = double{scale} * bytes[i] - double{shift};
    }
    return x;
  }

  void expect_outputs(const Matrix<double>& x, Activation activation, double terms) const {
    const auto w = widened(weights), b = widened(biases);
    Matrix<double> expected(outputs.shape());
    reference::affine<double>(x.view(), w.view(), b.view(), activation, expected.view());
    const double k = static_cast<double>(weights.rows());
    // Slopes are at most 1; 16 roundings for the function itself.
    const double bound =
        2 * (k + 2) * kUnitRoundoff<float> * (terms * k + 1) + 16 * kUnitRoundoff<float>;
    for (std::size_t j = 0; j < outputs.columns(); ++j) {
      ASSERT_NEAR(outputs(0, j), expected(0, j), bound)
          << "unit " << j << " of " << outputs.columns() << ", " << k << " inputs";
    }
  }
};

TEST(RowProduct, AffineEqualsTheReferenceOnAllShapes) {
  on_every_instruction_set([] {
    for (const Shape shape : shapes_to_try()) {
      Layer layer(shape);
      const Matrix<float>& inputs = layer.inputs;
      for (const Activation activation : kActivations) {
        row_affine(inputs.view(), layer.weights.view(), layer.output(activation));
        layer.expect_outputs(widened(inputs), activation, 1);
      }
    }
  });
}

TEST(RowProduct, LitAffineEqualsTheReferenceOnAllShapes) {
  on_every_instruction_set([] {
    for (const Shape shape : shapes_to_try()) {
      Layer layer(shape);
      for (const Activation activation : kActivations) {
        lit_row_affine({layer.bytes, layer.places, layer.scale, layer.shift}, layer.weights.view(),
                       layer.row_sum.view(), layer.output(activation));
        layer.expect_outputs(layer.lit_inputs(), activation, 3);
      }
    }
  });
}

TEST(RowProduct, OfADarkRowIsTheBiasLessTheConstantRow) {
  on_every_instruction_set([] {
    Layer layer({20, 17});
    const std::vector<std::uint8_t> dark(20);
    lit_row_affine({dark, {}, 0, 0}, layer.weights.view(), layer.row_sum.view(),
                   layer.output(Activation::kIdentity));
    for (std::size_t j = 0; j < 17; ++j) EXPECT_EQ(layer.outputs(0, j), layer.biases(0, j));
  });
}

}  // namespace
}  // namespace deltarule
