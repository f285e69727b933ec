#include <algorithm>

#include "deltarule/report/number_text.h"

namespace deltarule {
namespace {

std::string measurement(const StudyResult& result, const std::string& name,
                        const std::string& metric) {
  const ExperimentResult* experiment = find_experiment(result, name);
  if (experiment == nullptr || experiment->runs.empty()) return "(" + name + ": not measured)";
  const Summary summary = summary_of(*experiment, metric);
  const std::size_t dot = metric.find('.');
  const std::string weights = dot == std::string::npos ? "" : metric.substr(0, dot) + " weights, ";
  return mean_text(summary, places_of(metric)) + " (" + weights + count_of(summary.n, "seed") + ")";
}

}  // namespace

std::string fill_measurements(const std::string& words, const StudyResult& result) {
  const std::vector<std::string>& metrics = metric_names();
  std::string filled;
  std::size_t at = 0;
  while (at < words.size()) {
    const std::size_t open = words.find('{', at);
    const std::size_t close = words.find('}', open == std::string::npos ? at : open);
    if (open == std::string::npos || close == std::string::npos) break;
    const std::string inside = words.substr(open + 1, close - open - 1);
    // Names have no dots, so the first one ends the name.
    const std::size_t dot = inside.find('.');
    const std::string metric = dot == std::string::npos ? "" : inside.substr(dot + 1);
    filled += words.substr(at, open - at);
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      filled += words.substr(open, close + 1 - open);
    } else {
      filled += measurement(result, inside.substr(0, dot), metric);
    }
    at = close + 1;
  }
  return filled + words.substr(std::min(at, words.size()));
}

}  // namespace deltarule
