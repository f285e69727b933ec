// For tests: a study as a run of it would have left it, with histories of a plausible shape, so
// that the page can be looked at and tested without training anything.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "deltarule/base/random.h"
#include "deltarule/network/initializer.h"
#include "deltarule/report/html.h"

namespace deltarule::report_fixture {

/// Blobs that differ by class: 600 to train on, 200 official to test on.
inline Dataset make_dataset() {
  Dataset data;
  data.name = "blobs";
  data.description = "Round blobs, one place for each class, drawn for a test.";
  data.image = {28, 28};
  data.features = data.image.pixels();
  data.training_count = 600;
  data.test_count = 200;
  std::vector<std::uint8_t> pixels;
  Random random(1, Stream::kDigits);
  for (int digit = 0; digit < 10; ++digit) data.classes.push_back(std::to_string(digit));
  for (std::size_t i = 0; i < data.count(); ++i) {
    const std::size_t label = random.below(10);
    data.labels.push_back(static_cast<std::uint16_t>(label));
    const double angle = .628 * static_cast<double>(label) + .1 * random.normal();
    const double x0 = 14 + 7 * std::cos(angle), y0 = 14 + 7 * std::sin(angle);
    for (int y = 0; y < 28; ++y) {
      for (int x = 0; x < 28; ++x) {
        const double distance = std::hypot(x - x0, y - y0) - 4;
        pixels.push_back(static_cast<std::uint8_t>(255 * std::clamp(1 - distance, 0.0, 1.0)));
      }
    }
  }
  data.values = std::move(pixels);
  data.files = {{"train-images", std::string(64, 'a')}, {"train-labels", std::string(64, 'b')}};
  return data;
}

struct Shape {
  double accuracy;  ///< reached at the end
  double pace;      ///< epochs to fall by e
  int epochs;
};

inline RunRecord make_run(const Shape& shape, std::uint64_t seed, std::uint32_t substream) {
  Random random(seed, Stream::kSample, substream);
  RunRecord run;
  run.seed = seed;
  run.outcome = Outcome::kStoppedEarly;
  run.stopped_epoch = std::max(3, shape.epochs + static_cast<int>(random.below(5)) - 2);
  const double end = shape.accuracy + .0006 * random.normal();
  double least = 1e9;
  for (int epoch = 1; epoch <= run.stopped_epoch; ++epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.learning_rate = .001;
    const double left = std::exp(-epoch / shape.pace);
    record.train = {2.2 * left * left + .02 + .3 * left,
                    1 - (1 - end) * .3 - .12 * left - .001 * std::abs(random.normal())};
    record.validation = {(1 - end) * 3.3 + .5 * left + .0004 * epoch + .002 * random.normal(),
                         end - .08 * left + .0008 * random.normal()};
    record.seconds = .4 * epoch;
    if (record.validation.loss < least) {
      least = record.validation.loss;
      run.best_epoch = epoch;
    }
    run.history.push_back(record);
  }
  const auto score = [&](int epoch) {
    const Score validation = run.history[static_cast<std::size_t>(epoch - 1)].validation;
    return WeightsScore{epoch, validation, {validation.loss, end + .0007 * random.normal()}};
  };
  run.best = score(run.best_epoch);
  run.last = score(run.stopped_epoch);
  run.seconds = .5 * run.stopped_epoch;
  return run;
}

struct Planned {
  std::string name, title, group, hidden;
  Shape shape;
  std::optional<PaperResult> paper;
  double l1 = 0, l2 = 0;
};

inline std::vector<Planned> planned_experiments() {
  const std::string stated = "As the report states them", penalties = "Penalties, fairly",
                    read = "As they must be read", layers = "Three layers";
  return {
      {"softmax", "Softmax regression", stated, "none", {.919, 1.5, 10}, {{"Table 2", .9181, 11}}},
      {"tanh", "tanh", stated, "128:tanh", {.9778, 4, 29}, {{"Table 3", .9773, 20}}},
      {"tanh-momentum",
       "tanh with momentum",
       stated,
       "128:tanh",
       {.9756, 3, 20},
       {{"Table 4", .9776, 14}}},
      {"relu", "ReLU", stated, "128:relu", {.978, 12, 110}, {{"Table 5", .9782, 110}}},
      {"sigmoid", "Sigmoid", stated, "128:sigmoid", {.966, 20, 148}, {{"Table 6", .9788, 150}}},
      {"sigmoid-as-read",
       "Sigmoid, momentum left on",
       read,
       "128:sigmoid",
       {.9779, 10, 86},
       {{"Table 6", .9788, 150}}},
      {"relu-as-read",
       "ReLU without momentum",
       read,
       "128:relu",
       {.9783, 12, 110},
       {{"Table 5", .9782, 110}}},
      {"fair-none", "No penalty", penalties, "128:sigmoid", {.9778, 9, 40}, {}},
      {"fair-l1-5", "L1, λ = 1e-5", penalties, "128:sigmoid", {.9779, 9, 40}, {}, 1e-5},
      {"fair-l1-4", "L1, λ = 1e-4", penalties, "128:sigmoid", {.977, 9, 40}, {}, 1e-4},
      {"fair-l1-3", "L1, λ = 1e-3", penalties, "128:sigmoid", {.951, 9, 40}, {}, 1e-3},
      {"fair-l2-4", "L2, λ = 1e-4", penalties, "128:sigmoid", {.9781, 9, 40}, {}, 0, 1e-4},
      {"fair-l2-3", "L2, λ = 1e-3", penalties, "128:sigmoid", {.9774, 9, 40}, {}, 0, 1e-3},
      {"fair-l2-2", "L2, λ = 1e-2", penalties, "128:sigmoid", {.959, 9, 40}, {}, 0, 1e-2},
      {"three-layers",
       "784-128:sigmoid-64:relu-10",
       layers,
       "128:sigmoid,64:relu",
       {.978, 8, 50},
       {}},
  };
}

inline void add_words(StudyFile& study) {
  study.name = "paper";
  study.title = "A Deep Dive on the Matrices of a Neural Network, run again";
  study.about =
      "The report trains multilayer perceptrons on MNIST and gives one number for each. Here all "
      "of it is run over several seeds, so that a number comes with what chance does to it.\n\n"
      "Names with <b>markup</b> & \"quotes\" are shown as they are.";
  study.groups = {"As the report states them", "As they must be read", "Penalties, fairly",
                  "Three layers"};
  study.group_notes = {"Every experiment of Tables 2 to 6 with the settings that the report gives.",
                       "Two tables need something that the report does not say.",
                       "The same epochs and patience for all, and a range of λ.", ""};
  study.questions = {
      {"Is sigmoid really better than tanh?", "sigmoid-as-read", "tanh", "best.test_accuracy",
       "The report’s conclusion rests on this."},
      {"Does momentum help tanh?", "tanh-momentum", "tanh", "best.test_accuracy", ""},
      {"Does momentum stop it earlier?", "tanh-momentum", "tanh", "stopped_epoch", ""},
      {"Was it run?", "tanh", "missing", "last.test_loss", ""}};
  study.corrections = {
      {"“identify 1,000 images of 10,000”", "97.88 % of 10,000 is 9,788 images.", ""},
      {"Sigmoid at α = 0.0001 reaches .9788.", "As stated it does not; with momentum it does.",
       "As stated {sigmoid.last.test_accuracy}, as read {sigmoid-as-read.last.test_accuracy}; "
       "{missing.last.test_accuracy}; {no such thing} stays."}};
  study.sample_images = 3;
  study.paper_entries = {{"Input to Hidden (0, 0)", .001484, .001462, 2.216747e-05},
                         {"Output Bias (128, 0)", .900012, .900013, 1.199896e-06}};
}

inline GradientCheck make_gradient_check(const std::string& network) {
  GradientCheck check;
  check.network = network;
  double floor = 1e-12;
  for (const char* tensor :
       {"layer 1 weights", "layer 1 biases", "layer 2 weights", "layer 2 biases"}) {
    floor *= 1.7;
    for (const double epsilon : GradientCheckOptions{}.epsilons) {
      check.tensors.push_back(
          {tensor, epsilon, .1 * epsilon * epsilon + floor / epsilon, 100352, 1000, 3});
    }
  }
  check.penalty.push_back({"layer 1 weights", 1e-4, 2e-12, 100352, 1000, 0});
  check.worst_relative_error = 1.2e-9;
  check.passed = true;
  return check;
}

/// A whole study over `seeds` seeds.
inline StudyResult make_study(const Dataset& data, int seeds = 5) {
  StudyResult result;
  add_words(result.study);
  result.study.seeds = seeds;
  result.data_name = data.name;
  result.data_description = data.description;
  result.data_files = data.files;
  for (std::uint32_t row = 0; row < 500; ++row) result.split.train.push_back(row);
  for (std::uint32_t row = 500; row < 600; ++row) result.split.validation.push_back(row);
  for (std::uint32_t row = 600; row < 800; ++row) result.split.test.push_back(row);
  std::uint32_t substream = 0;
  for (const Planned& planned : planned_experiments()) {
    ExperimentResult experiment;
    experiment.experiment = {planned.name, planned.title, planned.group, "", {}, planned.paper};
    RunOptions& options = experiment.experiment.options;
    options.hidden = planned.hidden;
    options.l1 = planned.l1;
    options.l2 = planned.l2;
    for (int seed = 1; seed <= seeds; ++seed) {
      experiment.runs.push_back(
          make_run(planned.shape, static_cast<std::uint64_t>(seed), ++substream));
    }
    Model model;
    model.network = make_network(make_spec(data.features, planned.hidden, 10, "fixture"),
                                 parse_initializer("fan-in", "fixture"), 1);
    model.classes = data.classes;
    model.image = data.image;
    experiment.first_model = std::move(model);
    result.experiments.push_back(std::move(experiment));
  }
  result.gradient_checks = {make_gradient_check("784-128:tanh-10"),
                            make_gradient_check("784-128:sigmoid-64:relu-10")};
  result.report_entries = {{"Input to Hidden (0, 0)", .001203, .001203, 4.1e-9},
                           {"Output Bias (128, 0)", .900107, .900108, 1.1999e-6}};
  result.environment = {"0.1.0", "0123abc",         "g++ 12.2.0", "AVX2", "A processor",
                        "Linux", "deltarule study", "2024-01-25", 2};
  result.seconds = 754;
  return result;
}

}  // namespace deltarule::report_fixture
