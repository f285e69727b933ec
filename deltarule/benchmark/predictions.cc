#include "deltarule/benchmark/predictions.h"

#include <chrono>

#include "deltarule/benchmark/median.h"
#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Asks about one row after another, with probabilities.
class Asker {
 public:
  Asker(const Predictor& predictor, const Dataset& data, PredictionPath path)
      : predictor_(predictor),
        data_(data),
        path_(path),
        workspace_(predictor),
        probabilities_(predictor.classes().size()),
        first_(data.test_count > 0 ? data.training_count : 0),
        count_(data.test_count > 0 ? data.test_count : data.count()) {}

  void ask_next() {
    const std::size_t row = first_ + next_;
    next_ = next_ + 1 < count_ ? next_ + 1 : 0;
    // What is written to a volatile object happens, and so does what it takes to know it.
    answer_ = data_.is_bytes()
                  ? predictor_.predict(data_.bytes(row), workspace_, probabilities_, path_)
                  : predictor_.predict(data_.floats(row), workspace_, probabilities_);
  }

 private:
  const Predictor& predictor_;
  const Dataset& data_;
  PredictionPath path_;
  Predictor::Workspace workspace_;
  std::vector<float> probabilities_;
  std::size_t first_, count_, next_ = 0;
  volatile std::size_t answer_ = 0;
};

/// Returns predictions in a second. The clock is read once in a hundred.
double throughput(Asker& asker, double seconds) {
  constexpr int kBetweenLooks = 100;
  const auto begin = Clock::now();
  double asked = 0, taken = 0;
  do {
    for (int i = 0; i < kBetweenLooks; ++i) asker.ask_next();
    asked += kBetweenLooks;
    taken = seconds_since(begin);
  } while (taken < seconds);
  return asked / taken;
}

}  // namespace

PredictionTimes time_predictions(const Predictor& predictor, const Dataset& data,
                                 PredictionPath path, double seconds) {
  Asker asker(predictor, data, path);
  throughput(asker, seconds);
  PredictionTimes times;
  times.images_per_second = throughput(asker, seconds);
  const auto wanted = static_cast<std::size_t>(times.images_per_second * seconds) + 1;
  times.microseconds.reserve(wanted);
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto begin = Clock::now();
    asker.ask_next();
    times.microseconds.push_back(1e6 * seconds_since(begin));
  }
  return times;
}

double clock_microseconds() {
  std::vector<double> values;
  constexpr int kLooks = 1001;
  for (int i = 0; i < kLooks; ++i) {
    const auto begin = Clock::now();
    values.push_back(1e6 * seconds_since(begin));
  }
  return median(std::move(values));
}

Predictor make_untrained_predictor(const NetworkSpec& spec, const Dataset& data) {
  Model model;
  model.network = make_network(spec, {}, 1);
  model.classes = data.classes;
  model.image = data.image;
  model.byte_inputs = data.is_bytes();
  return Predictor(std::move(model));
}

}  // namespace deltarule
