#include "app/study_output.h"

#include <unistd.h>

#include <cmath>

#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/network/model_file.h"
#include "deltarule/report/html.h"
#include "deltarule/report/study_json.h"
#include "deltarule/statistics/intervals.h"

namespace deltarule::app {
namespace {

namespace fs = std::filesystem;

/// The folder itself, or the nearest one above it that exists.
fs::path nearest_existing(const fs::path& path) {
  std::error_code ignored;
  fs::path current = fs::absolute(path, ignored);
  while (!fs::exists(current, ignored) && current != current.root_path()) {
    current = current.parent_path();
  }
  return current;
}

std::string mean_text(const ExperimentResult& experiment, const std::string& metric) {
  const std::vector<double> values = metric_of(experiment, metric);
  if (values.empty()) return "";
  const Summary summary = summarize(values);
  std::string text = formatted("%.4f", summary.mean);
  if (summary.n > 1) text += formatted(" ± %.4f", summary.mean_95.high - summary.mean);
  return text;
}

}  // namespace

StudyFolder::StudyFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  const fs::path existing = nearest_existing(folder_);
  if (!fs::is_directory(existing, ignored)) {
    throw Error({.what = "the output's place is taken by a file",
                 .where = "--out " + folder_.string(),
                 .expected = "a folder, or a new name",
                 .found = "the file " + existing.string(),
                 .next = "choose another place with --out"});
  }
  if (access(existing.c_str(), W_OK | X_OK) != 0) {
    throw Error({.what = "the output's folder may not be written to",
                 .where = "--out " + folder_.string(),
                 .next = "choose another place with --out"});
  }
}

void StudyFolder::create() const {
  std::error_code code;
  fs::create_directories(folder_ / "models", code);
  if (code) {
    throw Error({.what = "the output's folder could not be created",
                 .where = "--out " + folder_.string(),
                 .found = code.message(),
                 .next = "choose another place with --out"});
  }
}

void StudyFolder::save_progress(const StudyResult& result) {
  // A study of hundreds of runs has megabytes of history: writing it takes at most a twentieth of
  // the time.
  constexpr int kShare = 20;
  const Clock::time_point begin = Clock::now();
  if (begin < next_save_) return;
  replace_file(folder_ / "study.json", study_json(result));
  const Clock::time_point end = Clock::now();
  next_save_ = end + kShare * (end - begin);
}

void StudyFolder::save_all(const StudyResult& result, const Dataset& data) const {
  replace_file(folder_ / "study.json", study_json(result));
  replace_file(folder_ / "experiments.csv", experiments_csv(result));
  replace_file(folder_ / "runs.csv", runs_csv(result));
  for (const ExperimentResult& experiment : result.experiments) {
    if (!experiment.first_model) continue;
    save_model(*experiment.first_model,
               folder_ / "models" / (experiment.experiment.name + ".safetensors"));
  }
  replace_file(report(), report_html(result, data));
}

std::string study_table(const StudyResult& result) {
  Table table("llrrrrr");
  table.add({"experiment", "", "report", "best weights", "last weights", "n", "stopped"});
  for (const ExperimentResult& experiment : result.experiments) {
    const auto& paper = experiment.experiment.paper;
    const std::vector<double> stops = metric_of(experiment, "stopped_epoch");
    table.add({experiment.experiment.name, paper ? paper->table : "",
               paper ? formatted("%.4f", paper->test_accuracy) : "",
               mean_text(experiment, "best.test_accuracy"),
               mean_text(experiment, "last.test_accuracy"), std::to_string(experiment.runs.size()),
               stops.empty() ? "" : formatted("%.0f", summarize(stops).mean)});
  }
  return "Test accuracy: mean ± 95 % interval over n seeds, and the mean epoch of the stop\n\n" +
         table.text();
}

}  // namespace deltarule::app
