// What one would write oneself: plain loops, and OpenBLAS for the matrix products. The update is
// part of the product that makes the gradient (sgemm adds -rate · gradient to the weights).
// How it is compiled is its setting: see ../CMakeLists.txt.
#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

#include "../peer.h"

namespace {

using Matrix = std::vector<float>;

struct Layer {
  int inputs;
  int outputs;
  Matrix weights;  // outputs × inputs
  Matrix bias;
  Matrix values;  // batch × outputs
  Matrix deltas;  // batch × outputs
};

Layer make_layer(int inputs, int outputs, std::mt19937& random) {
  const auto in = static_cast<std::size_t>(inputs);
  const auto out = static_cast<std::size_t>(outputs);
  Layer layer{inputs,
              outputs,
              Matrix(in * out),
              Matrix(out),
              Matrix(peers::kBatch * out),
              Matrix(peers::kBatch * out)};
  const float range = 1 / std::sqrt(static_cast<float>(inputs));
  std::uniform_real_distribution<float> uniform(-range, range);
  for (float& weight : layer.weights) weight = uniform(random);
  for (float& bias : layer.bias) bias = uniform(random);
  return layer;
}

// values = input weightsᵀ + bias
void multiply(Layer& layer, const float* input) {
  for (int i = 0; i < peers::kBatch; ++i) {
    std::copy(layer.bias.begin(), layer.bias.end(), &layer.values[i * layer.bias.size()]);
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, peers::kBatch, layer.outputs, layer.inputs,
              1, input, layer.inputs, layer.weights.data(), layer.inputs, 1, layer.values.data(),
              layer.outputs);
}

// weights -= rate · deltasᵀ input, bias -= rate · the sum of deltas
void update(Layer& layer, const float* input) {
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, layer.outputs, layer.inputs, peers::kBatch,
              -peers::kLearningRate, layer.deltas.data(), layer.outputs, input, layer.inputs, 1,
              layer.weights.data(), layer.inputs);
  for (int i = 0; i < peers::kBatch; ++i) {
    const float* const deltas = &layer.deltas[i * layer.bias.size()];
    for (int j = 0; j < layer.outputs; ++j) layer.bias[j] -= peers::kLearningRate * deltas[j];
  }
}

void forward(Layer& hidden, Layer& output, const float* images) {
  multiply(hidden, images);
  for (float& value : hidden.values) value = std::tanh(value);
  multiply(output, hidden.values.data());
}

// deltas of the output = softmax(values) - target
void softmax_deltas(Layer& output, const std::uint8_t* labels) {
  for (int i = 0; i < peers::kBatch; ++i) {
    const float* const values = &output.values[i * output.bias.size()];
    float* const deltas = &output.deltas[i * output.bias.size()];
    const float highest = *std::max_element(values, values + output.outputs);
    float sum = 0;
    for (int j = 0; j < output.outputs; ++j) sum += deltas[j] = std::exp(values[j] - highest);
    for (int j = 0; j < output.outputs; ++j) deltas[j] /= sum;
    deltas[labels[i]] -= 1;
  }
}

void train_batch(Layer& hidden, Layer& output, const float* images, const std::uint8_t* labels) {
  forward(hidden, output, images);
  softmax_deltas(output, labels);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, peers::kBatch, hidden.outputs,
              output.outputs, 1, output.deltas.data(), output.outputs, output.weights.data(),
              hidden.outputs, 0, hidden.deltas.data(), hidden.outputs);
  for (std::size_t i = 0; i < hidden.deltas.size(); ++i) {
    hidden.deltas[i] *= 1 - hidden.values[i] * hidden.values[i];
  }
  update(output, hidden.values.data());
  update(hidden, images);
}

void train_in_order(Layer& hidden, Layer& output, const peers::Data& data) {
  for (std::size_t i = 0; i < peers::kExamples; i += peers::kBatch) {
    train_batch(hidden, output, &data.images[i * hidden.inputs], &data.labels[i]);
  }
}

void train_shuffled(Layer& hidden, Layer& output, const peers::Data& data, std::mt19937& random) {
  std::vector<std::size_t> order(peers::kExamples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  const auto width = static_cast<std::size_t>(hidden.inputs);
  Matrix images(peers::kBatch * width);
  std::vector<std::uint8_t> labels(peers::kBatch);
  for (std::size_t start = 0; start < peers::kExamples; start += peers::kBatch) {
    for (std::size_t i = 0; i < peers::kBatch; ++i) {
      std::copy_n(&data.images[order[start + i] * width], width, &images[i * width]);
      labels[i] = data.labels[order[start + i]];
    }
    train_batch(hidden, output, images.data(), labels.data());
  }
}

double accuracy(Layer& hidden, Layer& output, const peers::Data& data) {
  int right = 0;
  for (std::size_t start = 0; start < peers::kExamples; start += peers::kBatch) {
    forward(hidden, output, &data.images[start * hidden.inputs]);
    for (std::size_t i = 0; i < peers::kBatch; ++i) {
      const float* const values = &output.values[i * output.bias.size()];
      right += std::max_element(values, values + output.outputs) - values == data.labels[start + i];
    }
  }
  return static_cast<double>(right) / peers::kExamples;
}

}  // namespace

int main(int count, char** arguments) {
  const peers::Options options = peers::read_options(count, arguments);
  openblas_set_num_threads(options.threads);
  const peers::Data data = peers::read_data(options);
  std::mt19937 random(1);
  Layer hidden = make_layer(options.inputs, options.hidden, random);
  Layer output = make_layer(options.hidden, options.outputs, random);
  const auto milliseconds = peers::time_epochs(options, [&] {
    if (options.shuffled) {
      train_shuffled(hidden, output, data, random);
    } else {
      train_in_order(hidden, output, data);
    }
  });
  peers::print_result(openblas_get_config(), milliseconds, accuracy(hidden, output, data));
}
