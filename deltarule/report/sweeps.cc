#include "deltarule/report/sweeps.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "deltarule/report/number_text.h"

namespace deltarule {
namespace {

using nlohmann::json;

constexpr std::size_t kFewestValues = 3;
constexpr int kHeight = 240;

/// One line of the sweep: λ → experiment. The map orders by λ; the first of equals stays.
struct Sweep {
  std::string label;
  std::map<double, const ExperimentResult*> at;
};

std::string rest_of_options(RunOptions options) {
  options.l1 = options.l2 = 0;
  std::string text;
  for (const auto& option : run_options().options()) text += to_text(option.get(options)) + "\n";
  return text;
}

std::vector<Sweep> find_sweeps(const std::vector<const ExperimentResult*>& experiments) {
  std::map<std::string, Sweep> found;
  for (const ExperimentResult* result : experiments) {
    const RunOptions& options = result->experiment.options;
    if (result->runs.empty() || (options.l1 > 0) == (options.l2 > 0)) continue;
    const bool direct = options.penalty_step == PenaltyStep::kDirect;
    const std::string label = std::string(options.l1 > 0 ? "L1" : "L2") +
                              (direct ? ", applied directly" : ", in the objective");
    Sweep& sweep = found[label + "\n" + rest_of_options(options)];
    sweep.label = label;
    sweep.at.emplace(std::max(options.l1, options.l2), result);
  }
  std::vector<Sweep> sweeps;
  std::set<std::string> labels;
  for (auto& [key, sweep] : found) {
    if (sweep.at.size() < kFewestValues) continue;
    while (!labels.insert(sweep.label).second) sweep.label += ", other settings";
    sweeps.push_back(std::move(sweep));
  }
  return sweeps;
}

/// The same training without a penalty, if it is there: what the penalty is judged against.
const ExperimentResult* find_unpenalized(const std::vector<const ExperimentResult*>& experiments,
                                         const Sweep& sweep) {
  RunOptions like = sweep.at.begin()->second->experiment.options;
  const std::string rest = rest_of_options(like);
  for (const ExperimentResult* result : experiments) {
    RunOptions options = result->experiment.options;
    if (options.l1 != 0 || options.l2 != 0 || result->runs.empty()) continue;
    options.penalty_step = like.penalty_step;  // without a penalty there is no step of it
    if (rest_of_options(options) == rest) return result;
  }
  return nullptr;
}

void append_point(json& columns, const std::string& series, double lambda,
                  const ExperimentResult& result) {
  const Summary summary = summary_of(result, "best.test_accuracy");
  const bool known = summary.n > 1;
  columns["series"].push_back(series);
  columns["lambda"].push_back(rounded(lambda));
  columns["mean"].push_back(rounded(summary.mean));
  columns["low"].push_back(rounded(known ? summary.mean_95.low : summary.mean));
  columns["high"].push_back(rounded(known ? summary.mean_95.high : summary.mean));
}

json sweep_layers(const std::vector<std::string>& labels, const json& lambdas) {
  const json color = color_encoding(labels);
  json x = quantity("lambda", "λ (log scale)");
  x["scale"] = {{"type", "log"}, {"nice", false}, {"padding", 12}};
  x["axis"] = {{"format", "~e"}, {"values", lambdas}, {"labelOverlap", true}};
  json y = quantity("mean", "test accuracy, best weights");
  y["scale"] = {{"zero", false}};
  y["axis"] = {{"format", ".3~f"}, {"tickCount", 6}};
  json low = y;
  low["field"] = "low";
  const json tooltip = {{{"field", "series"}, {"title", "line"}},
                        {{"field", "lambda"}, {"title", "λ"}, {"format", "~e"}},
                        {{"field", "mean"}, {"format", ".4f"}},
                        {{"field", "low"}, {"title", "from"}, {"format", ".4f"}},
                        {{"field", "high"}, {"title", "to"}, {"format", ".4f"}}};
  return {
      {{"data", {{"name", "unpenalized"}}},
       {"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}, {"color", "var(--muted)"}}},
       {"encoding", {{"y", y}}}},
      {{"mark", {{"type", "rule"}, {"strokeWidth", 4}, {"opacity", .3}}},
       {"encoding", {{"x", x}, {"y", low}, {"y2", {{"field", "high"}}}, {"color", color}}}},
      {{"mark", {{"type", "line"}, {"strokeWidth", 1.8}}},
       {"encoding", {{"x", x}, {"y", y}, {"color", color}, {"strokeDash", dash_encoding(labels)}}}},
      {{"mark", {{"type", "point"}, {"filled", true}, {"size", 46}, {"opacity", 1}}},
       {"encoding", {{"x", x}, {"y", y}, {"color", color}, {"tooltip", tooltip}}}}};
}

/// From below the least to above the greatest.
json powers_of_ten(const json& values) {
  json powers = json::array();
  if (values.empty()) return powers;
  const auto exponent = [](const json& value) { return std::log10(value.get<double>()); };
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  for (double e = std::floor(exponent(*least)); e <= std::ceil(exponent(*greatest)); ++e) {
    powers.push_back(rounded(std::pow(10, e)));
  }
  return powers;
}

}  // namespace

Figure penalty_sweep(const std::string& id,
                     const std::vector<const ExperimentResult*>& experiments) {
  Figure figure;
  figure.id = id;
  figure.title = "Accuracy against λ";
  const std::vector<Sweep> sweeps = find_sweeps(experiments);
  if (sweeps.empty()) return figure;
  json columns = json::object(), unpenalized = json::object();
  std::vector<std::string> labels;
  for (const Sweep& sweep : sweeps) {
    labels.push_back(sweep.label);
    for (const auto& [lambda, result] : sweep.at) {
      append_point(columns, sweep.label, lambda, *result);
    }
    if (const ExperimentResult* without = find_unpenalized(experiments, sweep);
        without != nullptr && unpenalized.empty()) {
      unpenalized["mean"].push_back(rounded(summary_of(*without, "best.test_accuracy").mean));
    }
  }
  figure.caption =
      "Test accuracy of the best weights, mean over seeds; the bars are 95 % intervals of the "
      "mean.";
  figure.keys = series_keys(labels);
  if (!unpenalized.empty()) figure.keys.push_back({"no penalty", "var(--muted)", true});
  const json lambdas = columns["lambda"];
  figure.datasets["sweep"] = std::move(columns);
  figure.datasets["unpenalized"] = std::move(unpenalized);
  figure.panels.push_back({"",
                           {{"data", {{"name", "sweep"}}},
                            {"height", kHeight},
                            {"layer", sweep_layers(labels, lambdas)}}});
  return figure;
}

Figure gradient_sweep(const std::string& id, const GradientCheck& check) {
  const GradientCheckOptions defaults;
  Figure figure;
  figure.id = id;
  figure.title = "Error against ε";
  figure.caption =
      check.network +
      ": relative error of the backward pass against centered differences in double precision. It "
      "falls a hundredfold for each tenth of ε until rounding takes over. The dashed line is the "
      "gate, " +
      scientific_text(defaults.gate, 1) +
      ", that must be kept at ε = " + scientific_text(defaults.gate_epsilon, 1) + ".";
  json columns = json::object();
  std::vector<std::string> labels;
  for (const TensorCheck& tensor : check.tensors) {
    if (std::find(labels.begin(), labels.end(), tensor.tensor) == labels.end()) {
      labels.push_back(tensor.tensor);
    }
    if (!(tensor.relative_error > 0)) continue;  // no place on a logarithmic axis
    columns["series"].push_back(tensor.tensor);
    columns["epsilon"].push_back(rounded(tensor.epsilon));
    columns["error"].push_back(rounded(tensor.relative_error));
  }
  json x = quantity("epsilon", "ε");
  x["scale"] = {{"type", "log"}, {"nice", false}};
  x["axis"] = {{"format", "~e"}, {"values", powers_of_ten(columns["epsilon"])}};
  json y = quantity("error", "relative error");
  y["scale"] = {{"type", "log"}};
  y["axis"] = {{"format", "~e"}, {"values", powers_of_ten(columns["error"])}};
  const json tooltip = {{{"field", "series"}, {"title", "tensor"}},
                        {{"field", "epsilon"}, {"title", "ε"}, {"format", "~e"}},
                        {{"field", "error"}, {"format", ".2e"}}};
  const json gate = {{"data", {{"values", json::array({{{"gate", defaults.gate}}})}}},
                     {"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}, {"color", "var(--ink)"}}},
                     {"encoding", {{"y", {{"field", "gate"}, {"type", "quantitative"}}}}}};
  const json line = {
      {"mark",
       {{"type", "line"}, {"strokeWidth", 1.8}, {"point", {{"size", 36}, {"filled", true}}}}},
      {"encoding",
       {{"x", x},
        {"y", y},
        {"color", color_encoding(labels)},
        {"strokeDash", dash_encoding(labels)},
        {"tooltip", tooltip}}}};
  figure.keys = series_keys(labels);
  figure.datasets["errors"] = std::move(columns);
  figure.panels.push_back(
      {"", {{"data", {{"name", "errors"}}}, {"height", kHeight}, {"layer", {gate, line}}}});
  return figure;
}

}  // namespace deltarule
