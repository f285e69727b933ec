#include "peer.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace peers {
namespace {

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(2);
}

void set(Options& options, const std::string& flag, const std::string& value) {
  if (flag == "--network") {
    if (std::sscanf(value.c_str(), "%d-%d-%d", &options.inputs, &options.hidden,
                    &options.outputs) != 3) {
      fail("--network takes three sizes, such as 784-128-10");
    }
  } else if (flag == "--threads") {
    options.threads = std::stoi(value);
  } else if (flag == "--epochs") {
    options.epochs = std::stoi(value);
  } else if (flag == "--order" && (value == "sequential" || value == "shuffled")) {
    options.shuffled = value == "shuffled";
  } else if (flag == "--setting" && (value == "default" || value == "tuned")) {
    options.tuned = value == "tuned";
  } else if (flag == "--data") {
    options.data = value;
  } else {
    fail("unknown: " + flag + " " + value);
  }
}

template <typename T>
void read_file(const std::string& path, std::vector<T>& values) {
  std::ifstream file(path, std::ios::binary);
  const auto bytes = static_cast<std::streamsize>(values.size() * sizeof(T));
  if (!file.read(reinterpret_cast<char*>(values.data()), bytes)) fail("cannot read " + path);
}

}  // namespace

Options read_options(int count, char** arguments) {
  Options options;
  if (count % 2 == 0) fail("each flag takes a value");
  try {
    for (int i = 1; i < count; i += 2) set(options, arguments[i], arguments[i + 1]);
  } catch (const std::logic_error&) {  // what std::stoi throws
    fail("--threads and --epochs take whole numbers");
  }
  return options;
}

Data read_data(const Options& options) {
  Data data;
  data.images.resize(static_cast<std::size_t>(kExamples) *
                     static_cast<std::size_t>(options.inputs));
  data.labels.resize(kExamples);
  read_file(options.data + "/images.f32", data.images);
  read_file(options.data + "/labels.u8", data.labels);
  return data;
}

std::vector<double> time_epochs(const Options& options, const std::function<void()>& train_epoch) {
  using Clock = std::chrono::steady_clock;
  train_epoch();
  std::vector<double> milliseconds;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const auto start = Clock::now();
    train_epoch();
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return milliseconds;
}

void print_result(const std::string& version, const std::vector<double>& milliseconds,
                  double training_accuracy) {
  std::printf("{\"version\": \"%s\", \"milliseconds\": [", version.c_str());
  const char* separator = "";
  for (const double epoch : milliseconds) {
    std::printf("%s%.3f", separator, epoch);
    separator = ", ";
  }
  std::printf("], \"training_accuracy\": %.4f}\n", training_accuracy);
}

}  // namespace peers
