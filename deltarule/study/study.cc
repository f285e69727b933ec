#include "deltarule/study/study.h"

#include <utility>

namespace deltarule {
namespace {

using Read = double (*)(const RunRecord&);

const std::vector<std::pair<std::string, Read>>& metrics() {
  static const std::vector<std::pair<std::string, Read>> list = {
      {"best.test_accuracy", [](const RunRecord& r) { return r.best.test.accuracy; }},
      {"best.test_loss", [](const RunRecord& r) { return r.best.test.loss; }},
      {"best.validation_accuracy", [](const RunRecord& r) { return r.best.validation.accuracy; }},
      {"best.validation_loss", [](const RunRecord& r) { return r.best.validation.loss; }},
      {"last.test_accuracy", [](const RunRecord& r) { return r.last.test.accuracy; }},
      {"last.test_loss", [](const RunRecord& r) { return r.last.test.loss; }},
      {"last.validation_accuracy", [](const RunRecord& r) { return r.last.validation.accuracy; }},
      {"last.validation_loss", [](const RunRecord& r) { return r.last.validation.loss; }},
      {"stopped_epoch", [](const RunRecord& r) { return static_cast<double>(r.stopped_epoch); }},
      {"best_epoch", [](const RunRecord& r) { return static_cast<double>(r.best_epoch); }},
      {"seconds", [](const RunRecord& r) { return r.seconds; }},
  };
  return list;
}

const ExperimentResult* find(const StudyResult& result, const std::string& name) {
  for (const ExperimentResult& experiment : result.experiments) {
    if (experiment.experiment.name == name) return &experiment;
  }
  return nullptr;
}

}  // namespace

double metric_of(const RunRecord& run, const std::string& metric) {
  for (const auto& [name, read] : metrics()) {
    if (name == metric) return read(run);
  }
  throw_unknown_name(metric, "metric", metric_names(), "");
}

std::vector<double> metric_of(const ExperimentResult& result, const std::string& metric) {
  std::vector<double> values;
  for (const RunRecord& run : result.runs) values.push_back(metric_of(run, metric));
  return values;
}

std::optional<PairedComparison> compare(const StudyResult& result, const Question& question) {
  const ExperimentResult* first = find(result, question.first);
  const ExperimentResult* second = find(result, question.second);
  if (first == nullptr || second == nullptr) return std::nullopt;
  std::vector<double> x, y;
  for (const RunRecord& a : first->runs) {
    for (const RunRecord& b : second->runs) {
      if (a.seed != b.seed) continue;
      x.push_back(metric_of(a, question.metric));
      y.push_back(metric_of(b, question.metric));
    }
  }
  if (x.empty()) return std::nullopt;
  return compare_paired(x, y);
}

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& metric : metrics()) list.push_back(metric.first);
    return list;
  }();
  return names;
}

}  // namespace deltarule
