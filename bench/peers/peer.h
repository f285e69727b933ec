// What the C++ peers share: reading the command line and the data, timing epochs, one JSON line
// out. Only the training itself differs between them, and each has it in a file of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace peers {

constexpr int kExamples = 48000;
constexpr int kBatch = 128;
constexpr float kLearningRate = 0.001f;  // of the loss summed over a batch

struct Options {
  int inputs = 784;
  int hidden = 128;
  int outputs = 10;
  int threads = 1;
  int epochs = 3;  // timed ones; one more goes before them to warm up
  bool shuffled = false;
  bool tuned = false;
  std::string data;  // the folder with images.f32 and labels.u8, as export_data.py writes them
};

struct Data {
  std::vector<float> images;  // examples × inputs, each image scaled to mean 0 and deviation 1
  std::vector<std::uint8_t> labels;
};

// --network 784-128-10 --threads 1 --epochs 3 --order sequential|shuffled --setting default|tuned
// --data FOLDER. Ends the program with a message if something else stands there.
Options read_options(int count, char** arguments);

Data read_data(const Options& options);

// Milliseconds of each timed epoch.
std::vector<double> time_epochs(const Options& options, const std::function<void()>& train_epoch);

void print_result(const std::string& version, const std::vector<double>& milliseconds,
                  double training_accuracy);

}  // namespace peers
