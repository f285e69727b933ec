#include <algorithm>
#include <cmath>

#include "deltarule/report/agreement.h"
#include "deltarule/report/number_text.h"

namespace deltarule {
namespace {

using nlohmann::json;

constexpr double kPoints = 100;  // accuracies differ by hundredths: shown in percentage points
constexpr double kReach = 3;     // in points; one that failed must not press all others together
constexpr const char* kAxis = "percentage points";
const std::vector<std::string> kWeights = {"last weights", "best weights"};

/// Intervals in rows, from top to bottom, and what lies beyond the axis as words at its edge.
struct IntervalRows {
  json shown = json::object(), beyond = json::object(), labels = json::array();
  double extent = .1;  ///< of what is shown, to either side of zero
};

void add_beyond(json& columns, const std::string& row, const std::string& series, double points) {
  const bool low = points < 0;
  columns["row"].push_back(row);
  columns["series"].push_back(series);
  columns["side"].push_back(low ? -1 : 1);
  columns["align"].push_back(low ? "left" : "right");
  columns["words"].push_back(low ? "◂ " + decimal_text(points, 1) : decimal_text(points, 1) + " ▸");
}

/// The mean and the interval, both less `zero`.
void add_interval(IntervalRows& rows, const std::string& row, const std::string& series,
                  double mean, const Interval& interval, double zero) {
  if (std::find(rows.labels.begin(), rows.labels.end(), row) == rows.labels.end()) {
    rows.labels.push_back(row);
  }
  const double points = kPoints * (mean - zero);
  if (!(std::abs(points) <= kReach)) return add_beyond(rows.beyond, row, series, points);
  const auto shown = [&](const char* column, double value) {
    const double bounded = std::clamp(kPoints * (value - zero), -kReach, kReach);
    rows.extent = std::max(rows.extent, std::abs(bounded));
    rows.shown[column].push_back(rounded(bounded));
  };
  rows.shown["row"].push_back(row);
  rows.shown["series"].push_back(series);
  shown("mean", mean);
  if (std::isfinite(interval.low) && std::isfinite(interval.high)) {
    shown("low", interval.low);
    shown("high", interval.high);
  } else {
    rows.shown["low"].push_back(nullptr);
    rows.shown["high"].push_back(nullptr);
  }
}

json interval_layers(const json& row, const json& color, const json& offset) {
  const json x = quantity("mean", kAxis);
  json low = x, edge = x;
  low["field"] = "low";
  edge["field"] = "edge";
  const json tooltip = {{{"field", "row"}, {"title", "row"}},
                        {{"field", "series"}, {"title", "of"}},
                        {{"field", "mean"}, {"format", "+.3f"}},
                        {{"field", "low"}, {"title", "from"}, {"format", "+.3f"}},
                        {{"field", "high"}, {"title", "to"}, {"format", "+.3f"}}};
  json bar = {
      {"x", low}, {"x2", {{"field", "high"}}}, {"y", row}, {"color", color}, {"tooltip", tooltip}};
  json dot = {{"x", x}, {"y", row}, {"color", color}, {"tooltip", tooltip}};
  json words = {{"x", edge}, {"y", row}, {"color", color}, {"text", {{"field", "words"}}}};
  if (!offset.is_null()) bar["yOffset"] = dot["yOffset"] = words["yOffset"] = offset;
  const json zero = {
      {"data", {{"values", json::array({{{"zero", 0}}})}}},
      {"mark", {{"type", "rule"}, {"color", "var(--ink)"}, {"strokeWidth", 1.6}}},
      {"encoding", {{"x", {{"field", "zero"}, {"type", "quantitative"}, {"title", kAxis}}}}}};
  return {
      zero,
      {{"transform", json::array({{{"filter", "isValid(datum.low)"}}})},
       {"mark", {{"type", "rule"}, {"strokeWidth", 5}, {"opacity", .35}, {"strokeCap", "round"}}},
       {"encoding", bar}},
      {{"mark", {{"type", "point"}, {"filled", true}, {"size", 44}, {"opacity", 1}}},
       {"encoding", dot}},
      {{"data", {{"name", "beyond"}}},
       {"mark", {{"type", "text"}, {"align", {{"expr", "datum.align"}}}}},
       {"encoding", words}}};
}

void finish(Figure& figure, IntervalRows rows, const json& color, const json& offset, int step) {
  if (rows.beyond.contains("side")) {
    for (const json& side : rows.beyond["side"]) {
      rows.beyond["edge"].push_back(rounded(side.get<double>() * rows.extent));
    }
  }
  const json row = {
      {"field", "row"},
      {"type", "nominal"},
      {"sort", nullptr},
      {"title", nullptr},
      {"scale", {{"domain", rows.labels}}},
      {"axis", {{"labelLimit", 210}, {"grid", true}, {"domain", false}, {"ticks", false}}}};
  figure.panels.push_back({"",
                           {{"data", {{"name", "shown"}}},
                            {"height", {{"step", step}}},
                            {"layer", interval_layers(row, color, offset)}}});
  figure.datasets["shown"] = std::move(rows.shown);
  figure.datasets["beyond"] = std::move(rows.beyond);
}

const std::string& beyond_words() {
  static const std::string words =
      " What lies beyond " + decimal_text(kReach, 0) + " points is written at the edge.";
  return words;
}

}  // namespace

Figure agreement_figure(const std::vector<Agreement>& agreements) {
  Figure figure;
  figure.id = "agreement";
  figure.title = "Ours against the report’s";
  figure.caption =
      "Test accuracy, ours minus the report’s, in percentage points. The upright line is the "
      "report’s number; a dot is our mean, the bar where one more seed would fall in 95 of 100 "
      "cases. A bar that crosses the line reproduces the number, unless it is wider than a point "
      "to "
      "either side: then it says too little." +
      beyond_words();
  figure.keys = series_keys(kWeights);
  IntervalRows rows;
  for (const Agreement& agreement : agreements) {
    const Experiment& experiment = agreement.experiment->experiment;
    const std::string row = experiment.paper->table + " · " + experiment.name;
    const double zero = experiment.paper->test_accuracy;
    add_interval(rows, row, kWeights[0], agreement.last.mean, agreement.last.next_95, zero);
    add_interval(rows, row, kWeights[1], agreement.best.mean, agreement.best.next_95, zero);
  }
  const json offset = {
      {"field", "series"},
      {"type", "nominal"},
      {"scale", {{"domain", kWeights}, {"paddingInner", .5}, {"paddingOuter", .4}}}};
  finish(figure, std::move(rows), color_encoding(kWeights), offset, 12);
  return figure;
}

Figure question_figure(const std::vector<Answer>& answers) {
  Figure figure;
  figure.id = "differences";
  figure.title = "The differences asked for";
  figure.caption =
      "First minus second, in percentage points of accuracy: a dot is the mean over common seeds, "
      "the bar its 95 % interval. A bar that crosses zero does not tell the two apart." +
      beyond_words();
  IntervalRows rows;
  for (const Answer& answer : answers) {
    const Question& question = *answer.question;
    if (!answer.comparison || !greater_is_better(question.metric)) continue;
    const Summary& difference = answer.comparison->difference;
    add_interval(rows, question.first + " − " + question.second, describe_metric(question.metric),
                 difference.mean, difference.mean_95, 0);
  }
  if (rows.labels.empty()) return figure;
  finish(figure, std::move(rows), {{"value", series_color(0)}}, nullptr, 24);
  return figure;
}

}  // namespace deltarule
