#include "deltarule/report/curves.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "deltarule/report/number_text.h"

namespace deltarule {
namespace {

using nlohmann::json;
using Measure = std::function<double(const EpochRecord&)>;

constexpr int kHeight = 210;
constexpr const char* kBand =
    "Lines: mean over the seeds still training; bands: least to greatest; rings: each seed’s best "
    "epoch, that of its least validation loss.";

double train_loss(const EpochRecord& epoch) { return epoch.train.loss; }
double train_accuracy(const EpochRecord& epoch) { return epoch.train.accuracy; }
double validation_loss(const EpochRecord& epoch) { return epoch.validation.loss; }
double validation_accuracy(const EpochRecord& epoch) { return epoch.validation.accuracy; }

/// Appends, for each epoch, mean, least and greatest over the runs that have it.
void append_band(json& columns, const std::string& series, const ExperimentResult& experiment,
                 const Measure& measure) {
  std::size_t longest = 0;
  for (const RunRecord& run : experiment.runs) longest = std::max(longest, run.history.size());
  for (std::size_t i = 0; i < longest; ++i) {
    double sum = 0, low = std::numeric_limits<double>::infinity(), high = -low;
    std::size_t n = 0;
    for (const RunRecord& run : experiment.runs) {
      if (i >= run.history.size()) continue;
      const double value = measure(run.history[i]);
      if (!std::isfinite(value)) continue;  // a run that diverged ends here
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
      ++n;
    }
    if (n == 0) continue;
    columns["series"].push_back(series);
    columns["epoch"].push_back(i + 1);
    columns["seeds"].push_back(n);
    columns["mean"].push_back(rounded(sum / static_cast<double>(n)));
    columns["low"].push_back(rounded(low));
    columns["high"].push_back(rounded(high));
  }
}

void append_best(json& columns, const std::string& series, const ExperimentResult& experiment,
                 const Measure& measure) {
  for (const RunRecord& run : experiment.runs) {
    const auto best = static_cast<std::size_t>(std::max(0, run.best_epoch));
    if (best == 0 || best > run.history.size()) continue;
    const double value = measure(run.history[best - 1]);
    if (!std::isfinite(value)) continue;
    columns["series"].push_back(series);
    columns["epoch"].push_back(best);
    columns["seed"].push_back(run.seed);
    columns["value"].push_back(rounded(value));
  }
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
};

Range range_of(const json& columns) {
  Range range;
  if (!columns.contains("low")) return range;
  for (const json& value : columns["low"]) range.low = std::min(range.low, value.get<double>());
  for (const json& value : columns["high"]) range.high = std::max(range.high, value.get<double>());
  return range;
}

/// A loss that falls more than a decade would hide its end on a linear axis; a logarithmic axis
/// over less than that has too few labels.
bool wants_logarithm(const Range& range) { return range.low > 0 && range.high / range.low > 12; }

/// 1, 2 and 5 in each decade: a line at each of 1 to 9 is a hatching, at each decade too little.
json logarithmic_ticks(const Range& range) {
  json ticks = json::array();
  for (double decade = std::pow(10, std::floor(std::log10(range.low))); decade <= range.high;
       decade *= 10) {
    for (const double step : {1.0, 2.0, 5.0}) {
      const double tick = rounded(step * decade);
      if (tick >= range.low && tick <= range.high) ticks.push_back(tick);
    }
  }
  return ticks;
}

json vertical(const std::string& title, bool loss, const Range& range) {
  json y = quantity("mean", title);
  y["axis"] = {{"format", loss ? "~g" : ".3~f"}, {"tickCount", 5}};
  if (loss && wants_logarithm(range)) {
    const Range wider = {range.low / 1.15, range.high * 1.15};
    y["scale"] = {{"type", "log"}, {"nice", false}, {"domain", {wider.low, wider.high}}};
    y["axis"]["values"] = logarithmic_ticks(wider);
  } else {
    y["scale"] = {{"zero", false}};
  }
  return y;
}

json tooltip_of(const char* value_field, const char* value_title, bool band) {
  json fields = {{{"field", "series"}, {"title", "line"}},
                 {{"field", "epoch"}},
                 {{"field", value_field}, {"title", value_title}, {"format", ".4f"}}};
  if (band) {
    fields.push_back({{"field", "low"}, {"title", "least"}, {"format", ".4f"}});
    fields.push_back({{"field", "high"}, {"title", "greatest"}, {"format", ".4f"}});
    fields.push_back({{"field", "seeds"}});
  } else {
    fields.push_back({{"field", "seed"}});
  }
  return fields;
}

json curve_specification(const std::string& table, json y, const std::vector<std::string>& labels) {
  const json x = {{"field", "epoch"},
                  {"type", "quantitative"},
                  {"title", "epoch"},
                  {"axis", {{"tickMinStep", 1}, {"format", "d"}}},
                  {"scale", {{"nice", false}}}};
  json low = y, best = y;
  low["field"] = "low";
  best["field"] = "value";
  const json color = color_encoding(labels);
  const json nearest = json::array(
      {{{"name", "near"},
        {"select",
         {{"type", "point"}, {"on", "pointerover"}, {"nearest", true}, {"clear", "pointerout"}}}}});
  const json shown = {{"condition", {{"param", "near"}, {"empty", false}, {"value", 1}}},
                      {"value", 0}};
  return {{"height", kHeight},
          {"data", {{"name", table}}},
          {"layer",
           {{{"mark", {{"type", "area"}, {"opacity", .18}}},
             {"encoding", {{"x", x}, {"y", low}, {"y2", {{"field", "high"}}}, {"color", color}}}},
            {{"mark", {{"type", "line"}, {"strokeWidth", 1.8}}},
             {"encoding",
              {{"x", x}, {"y", y}, {"color", color}, {"strokeDash", dash_encoding(labels)}}}},
            {{"params", nearest},
             {"mark", {{"type", "point"}, {"filled", true}, {"size", 42}}},
             {"encoding",
              {{"x", x},
               {"y", y},
               {"color", color},
               {"opacity", shown},
               {"tooltip", tooltip_of("mean", "mean", true)}}}},
            {{"data", {{"name", table + " best"}}},
             {"mark", {{"type", "point"}, {"filled", false}, {"size", 34}, {"strokeWidth", 1.4}}},
             {"encoding",
              {{"x", x},
               {"y", best},
               {"color", color},
               {"tooltip", tooltip_of("value", "at its best epoch", false)}}}}}}};
}

/// The title, with the name where another experiment has the same title: a chart would join them.
std::string label_among(const std::vector<const ExperimentResult*>& experiments,
                        const Experiment& experiment) {
  for (const ExperimentResult* other : experiments) {
    if (other->experiment.title == experiment.title && other->experiment.name != experiment.name) {
      return experiment.title + " (" + experiment.name + ")";
    }
  }
  return experiment.title;
}

struct Line {
  std::string label;
  const ExperimentResult* experiment;
  Measure measure;
  bool mark_best = true;
};

void add_panel(Figure& figure, const std::string& title, bool loss,
               const std::vector<Line>& lines) {
  const std::string table = std::to_string(figure.panels.size());
  json curves = json::object(), best = json::object();
  std::vector<std::string> labels;
  for (const Line& line : lines) {
    labels.push_back(line.label);
    append_band(curves, line.label, *line.experiment, line.measure);
    if (line.mark_best) append_best(best, line.label, *line.experiment, line.measure);
  }
  const Range range = range_of(curves);
  const std::string axis = !loss                    ? "accuracy"
                           : wants_logarithm(range) ? "cross-entropy (log scale)"
                                                    : "cross-entropy";
  figure.panels.push_back({title, curve_specification(table, vertical(axis, loss, range), labels)});
  figure.datasets[table] = std::move(curves);
  figure.datasets[table + " best"] = std::move(best);
  figure.keys = series_keys(labels);
}

}  // namespace

Figure experiment_curves(const std::string& id, const std::string& title,
                         const ExperimentResult& experiment) {
  Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption =
      experiment.experiment.title + ", " + count_of(experiment.runs.size(), "seed") + ". " + kBand;
  add_panel(
      figure, "Loss", true,
      {{"training", &experiment, train_loss, false}, {"validation", &experiment, validation_loss}});
  add_panel(figure, "Accuracy", false,
            {{"training", &experiment, train_accuracy, false},
             {"validation", &experiment, validation_accuracy}});
  return figure;
}

Figure compared_curves(const std::string& id, const std::string& title,
                       const std::vector<const ExperimentResult*>& experiments) {
  Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = kBand;
  const auto lines = [&](const Measure& measure) {
    std::vector<Line> result;
    for (const ExperimentResult* experiment : experiments) {
      result.push_back({label_among(experiments, experiment->experiment), experiment, measure});
    }
    return result;
  };
  add_panel(figure, "Training loss", true, lines(train_loss));
  add_panel(figure, "Validation loss", true, lines(validation_loss));
  add_panel(figure, "Training accuracy", false, lines(train_accuracy));
  add_panel(figure, "Validation accuracy", false, lines(validation_accuracy));
  return figure;
}

}  // namespace deltarule
