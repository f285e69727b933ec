#include "app/run_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/text.h"
#include "deltarule/math/instruction_set.h"
#include "deltarule/statistics/intervals.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

Json score_json(const WeightsScore& score) {
  return {{"epoch", score.epoch},
          {"validation_loss", score.validation.loss},
          {"validation_accuracy", score.validation.accuracy},
          {"test_loss", score.test.loss},
          {"test_accuracy", score.test.accuracy}};
}

Json history_json(const History& history) {
  Json epochs = Json::array();
  for (const EpochRecord& epoch : history) {
    epochs.push_back({{"epoch", epoch.epoch},
                      {"learning_rate", epoch.learning_rate},
                      {"train_loss", epoch.train.loss},
                      {"train_accuracy", epoch.train.accuracy},
                      {"validation_loss", epoch.validation.loss},
                      {"validation_accuracy", epoch.validation.accuracy},
                      {"penalty", epoch.penalty},
                      {"seconds", epoch.seconds}});
  }
  return epochs;
}

std::string test_text(const WeightsScore& score, std::size_t test_count) {
  const Interval interval = accuracy_95(score.test.accuracy, test_count);
  const std::string loss =
      std::isfinite(score.test.loss) ? formatted("%.4g", score.test.loss) : "not finite";
  return formatted("accuracy %.4f (%.4f to %.4f), loss %s (epoch %d)", score.test.accuracy,
                   interval.low, interval.high, loss.c_str(), score.epoch);
}

}  // namespace

std::string configuration_text(const RunOptions& options) {
  std::string text;
  for (const auto& option : run_options().options()) {
    const OptionValue value = option.get(options);
    const bool is_text = std::holds_alternative<std::string>(value);
    text += "  " + option.info.name + " = " +
            (is_text ? '"' + to_text(value) + '"' : to_text(value)) + "\n";
  }
  return text;
}

Json configuration_json(const RunOptions& options) {
  Json json = Json::object();
  for (const auto& option : run_options().options()) {
    std::visit([&](const auto& value) { json[option.info.name] = value; }, option.get(options));
  }
  return json;
}

std::string split_text(const Dataset& data, const Split& split) {
  Table table("lrrr");
  table.add({"class", "train", "validation", "test"});
  const auto counts = class_counts(data, split);
  constexpr std::size_t kMostClasses = 20;
  for (std::size_t c = 0; c < std::min(counts.size(), kMostClasses); ++c) {
    table.add({data.classes[c], with_commas(counts[c][0]), with_commas(counts[c][1]),
               with_commas(counts[c][2])});
  }
  if (counts.size() > kMostClasses) {
    table.add({formatted("… %zu more", counts.size() - kMostClasses), "", "", ""});
  }
  table.add({"all", with_commas(split.train.size()), with_commas(split.validation.size()),
             with_commas(split.test.size())});
  return table.text("  ");
}

void EpochProgress::show(const EpochRecord& epoch) {
  const Score& watched = has_validation_ ? epoch.validation : epoch.train;
  const bool is_best =
      losses_.empty() || watched.loss < *std::min_element(losses_.begin(), losses_.end());
  if (is_best) best_epoch_ = epoch.epoch;
  losses_.push_back(watched.loss);

  const std::string name = formatted("epoch %3d of %d", epoch.epoch, options_.epochs);
  if (console_.live()) {
    constexpr std::size_t kCurveWidth = 48;
    const double left = epoch.seconds / epoch.epoch * (options_.epochs - epoch.epoch);
    console_.show(
        {name + formatted("  loss %.4f  accuracy %.4f  (train %.4f, %.4f)", watched.loss,
                          watched.accuracy, epoch.train.loss, epoch.train.accuracy),
         "  " + sparkline(losses_, kCurveWidth, console_.terminal().utf8),
         formatted("  best epoch %d, at most ", best_epoch_) + duration_text(left) + " left"});
    return;
  }
  std::string line =
      name + formatted("  train loss %.4f  accuracy %.4f", epoch.train.loss, epoch.train.accuracy);
  if (has_validation_) {
    line += formatted("  validation loss %.4f  accuracy %.4f", epoch.validation.loss,
                      epoch.validation.accuracy);
  }
  constexpr int kMostLines = 50;
  const int every = (options_.epochs + kMostLines - 1) / kMostLines;
  if (epoch.epoch % every == 0 || epoch.epoch == 1) console_.say(line);
}

std::string summary_text(const Run& run, const Model& model, const std::string& path) {
  const TrainingResult& training = run.training;
  Table table("ll");
  table.add({"data", model.about.at("data") + ", test part of " +
                         counted(run.split.test.size(), "example", "examples")});
  table.add({"outcome", formatted("%s after epoch %d, %s", name_of(training.outcome),
                                  training.stopped_epoch, duration_text(run.seconds).c_str())});
  table.add({"best epoch", std::to_string(training.best_epoch)});
  table.add({"test, best weights", test_text(run.best, run.split.test.size())});
  table.add({"test, last weights", test_text(run.last, run.split.test.size())});
  table.add({"saved", path + ": the " + model.about.at("weights") + " weights of " +
                          to_text(model.network.spec)});
  table.add({"seed", formatted("%llu; one run says nothing of the spread between seeds",
                               static_cast<unsigned long long>(run.seed))});
  table.add({"instruction set", instruction_set()});
  return table.text() + "In brackets, the 95 % interval from the size of the test part alone.\n";
}

Json summary_json(const Run& run, const Dataset& data, const Model& model, std::size_t duplicates,
                  const std::string& path) {
  const TrainingResult& training = run.training;
  return {{"outcome", name_of(training.outcome)},
          {"stopped_epoch", training.stopped_epoch},
          {"best_epoch", training.best_epoch},
          {"best", score_json(run.best)},
          {"last", score_json(run.last)},
          {"weights", model.about.at("weights")},
          {"model", path},
          {"network", to_text(model.network.spec)},
          {"parameters", model.network.spec.parameter_count()},
          {"seed", run.seed},
          {"options", configuration_json(run.options)},
          {"data",
           {{"name", data.name},
            {"train", run.split.train.size()},
            {"validation", run.split.validation.size()},
            {"test", run.split.test.size()},
            {"duplicates", duplicates}}},
          {"instruction_set", instruction_set()},
          {"seconds", run.seconds},
          {"history", history_json(training.history)}};
}

}  // namespace deltarule::app
