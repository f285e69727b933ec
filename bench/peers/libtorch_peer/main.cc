// PyTorch's C++ side: the loop as its documentation writes it. Tuned, batches are gathered into one
// buffer; a fresh tensor for each costs page faults. Not faster, so not here: gradients from grad()
// and an update by hand, counting denormals as zero.
#include <torch/torch.h>
#include <torch/version.h>

#include <vector>

#include "../peer.h"

namespace {

using torch::Tensor;

struct Tensors {
  Tensor images;
  Tensor labels;
};

Tensors as_tensors(peers::Data& data, const peers::Options& options) {
  return {torch::from_blob(data.images.data(), {peers::kExamples, options.inputs}),
          torch::from_blob(data.labels.data(), {peers::kExamples}, torch::kUInt8).to(torch::kLong)};
}

Tensor summed_loss(torch::nn::Sequential& network, const Tensor& images, const Tensor& labels) {
  return torch::nn::functional::cross_entropy(
      network->forward(images), labels,
      torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum));
}

// Calls step(images, labels) for each batch of a permutation.
template <typename Step>
void train_shuffled(const Tensors& data, bool tuned, const Step& step) {
  const Tensor order = torch::randperm(peers::kExamples);
  Tensor buffer = torch::empty({peers::kBatch, data.images.size(1)});
  for (int start = 0; start < peers::kExamples; start += peers::kBatch) {
    const Tensor chosen = order.narrow(0, start, peers::kBatch);
    const Tensor labels = data.labels.index_select(0, chosen);
    if (tuned) {
      step(torch::index_select_out(buffer, data.images, 0, chosen), labels);
    } else {
      step(data.images.index_select(0, chosen), labels);
    }
  }
}

template <typename Step>
void train_in_order(const Tensors& data, const Step& step) {
  for (int start = 0; start < peers::kExamples; start += peers::kBatch) {
    step(data.images.narrow(0, start, peers::kBatch), data.labels.narrow(0, start, peers::kBatch));
  }
}

double accuracy(torch::nn::Sequential& network, const Tensors& data) {
  const torch::NoGradGuard guard;
  const Tensor answers = network->forward(data.images).argmax(1);
  return answers.eq(data.labels).to(torch::kFloat).mean().item<double>();
}

}  // namespace

int main(int count, char** arguments) {
  const peers::Options options = peers::read_options(count, arguments);
  torch::manual_seed(1);
  torch::set_num_threads(options.threads);
  peers::Data raw = peers::read_data(options);
  const Tensors data = as_tensors(raw, options);
  torch::nn::Sequential network(torch::nn::Linear(options.inputs, options.hidden),
                                torch::nn::Tanh(),
                                torch::nn::Linear(options.hidden, options.outputs));
  std::vector<Tensor> parameters = network->parameters();
  torch::optim::SGD optimizer(parameters, torch::optim::SGDOptions(peers::kLearningRate));

  const auto step = [&](const Tensor& images, const Tensor& labels) {
    optimizer.zero_grad();
    summed_loss(network, images, labels).backward();
    optimizer.step();
  };
  const auto milliseconds = peers::time_epochs(options, [&] {
    if (options.shuffled) {
      train_shuffled(data, options.tuned, step);
    } else {
      train_in_order(data, step);
    }
  });
  peers::print_result(TORCH_VERSION, milliseconds, accuracy(network, data));
}
