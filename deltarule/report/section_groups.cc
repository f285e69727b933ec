#include <algorithm>
#include <functional>

#include "deltarule/report/curves.h"
#include "deltarule/report/number_text.h"
#include "deltarule/report/option_text.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/sweeps.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

using Experiments = std::vector<const ExperimentResult*>;

/// Of a larger group the lines are only shown side by side.
constexpr std::size_t kMostFigures = 5;

Html option_list(const std::vector<NamedValue>& values) {
  Html items;
  for (const auto& [name, value] : values) {
    items += styled("span", "option", text(option_label(name) + " ") + tag("b", text(value)));
    items += text(" ");
  }
  return items;
}

/// "29.4 (24–35)", or the one number they all are.
std::string mean_and_range(const ExperimentResult& result, int RunRecord::*field) {
  if (result.runs.empty()) return "—";
  const auto [low, high] = std::minmax_element(
      result.runs.begin(), result.runs.end(),
      [field](const RunRecord& a, const RunRecord& b) { return a.*field < b.*field; });
  if ((*low).*field == (*high).*field) return std::to_string((*low).*field);
  double sum = 0;
  for (const RunRecord& run : result.runs) sum += run.*field;
  return decimal_text(sum / static_cast<double>(result.runs.size()), 1) + " (" +
         std::to_string((*low).*field) + "–" + std::to_string((*high).*field) + ")";
}

std::string stop_text(const ExperimentResult& result) {
  std::string words = mean_and_range(result, &RunRecord::stopped_epoch);
  const auto diverged = static_cast<std::size_t>(
      std::count_if(result.runs.begin(), result.runs.end(),
                    [](const RunRecord& run) { return run.outcome == Outcome::kDiverged; }));
  if (diverged > 0) words += ", " + count_text(diverged) + " diverged";
  return words;
}

/// "5 seeds"; "3 to 5 seeds" after an interruption.
std::string seeds_text(const Experiments& experiments) {
  const auto [least, most] = std::minmax_element(
      experiments.begin(), experiments.end(),
      [](const auto* a, const auto* b) { return a->runs.size() < b->runs.size(); });
  const std::size_t low = (*least)->runs.size(), high = (*most)->runs.size();
  return (low == high ? "" : count_text(low) + " to ") + count_of(high, "seed");
}

/// A column of a group's table, and what it says of an experiment.
struct GroupColumn {
  Column column;
  std::function<Html(const ExperimentResult&)> cell;
};

Html report_cell(const ExperimentResult& result) {
  const auto& paper = result.experiment.paper;
  if (!paper) return text("—");
  return text(decimal_text(paper->test_accuracy, 4) + " / " + std::to_string(paper->stopped_epoch));
}

/// Columns that would say nothing of any experiment are left out.
std::vector<GroupColumn> group_columns(const Experiments& experiments,
                                       const std::vector<NamedValue>& common) {
  using Result = ExperimentResult;
  std::vector<GroupColumn> columns;
  const auto add = [&](const char* heading, bool numeric, std::function<Html(const Result&)> cell) {
    Column column;
    column.heading = heading;
    column.numeric = numeric;
    columns.push_back({column, std::move(cell)});
  };
  const auto add_accuracy = [&](const char* heading, const std::string& metric) {
    add(heading, true,
        [metric](const Result& result) { return text(mean_text(summary_of(result, metric), 4)); });
  };
  const auto differences = [common](const Result& result) {
    return differing_options(result.experiment.options, common);
  };
  const auto any = [&](const auto& is) {
    return std::any_of(experiments.begin(), experiments.end(), is);
  };

  add("Experiment", false, [](const Result& result) { return experiment_cell(result.experiment); });
  if (any([&](const Result* result) { return !differences(*result).empty(); })) {
    add("Differs in", false, [differences](const Result& result) {
      const std::vector<NamedValue> differing = differences(result);
      return differing.empty() ? text("—") : option_list(differing);
    });
  }
  if (any([](const Result* result) { return result->experiment.paper.has_value(); })) {
    add("Report: accuracy / stop", true, report_cell);
  }
  add_accuracy("Last weights", "last.test_accuracy");
  add_accuracy("Best weights", "best.test_accuracy");
  add_accuracy("Validation, best", "best.validation_accuracy");
  add("Stopped", true, [](const Result& result) { return text(stop_text(result)); });
  add("Best epoch", true,
      [](const Result& result) { return text(mean_and_range(result, &RunRecord::best_epoch)); });
  return columns;
}

Html group_table(const std::string& name, const Experiments& experiments,
                 const std::vector<NamedValue>& common) {
  Table table;
  table.name = name;
  table.caption = "Test accuracy, mean ± 95 % interval of the mean over " +
                  seeds_text(experiments) + "; epochs as mean (range)";
  const std::vector<GroupColumn> columns = group_columns(experiments, common);
  for (const GroupColumn& column : columns) table.columns.push_back(column.column);
  for (const ExperimentResult* result : experiments) {
    std::vector<Html> row;
    for (const GroupColumn& column : columns) row.push_back(column.cell(*result));
    table.rows.push_back(std::move(row));
  }
  return render(table);
}

/// "Figure 3" for what the report has in its Table 3: there, tables of results and figures share
/// their numbers.
std::string figure_title(const Experiment& experiment) {
  constexpr std::string_view kTable = "Table ";
  const std::string& table = experiment.paper->table;
  return table.starts_with(kTable) ? "Figure " + table.substr(kTable.size()) : table;
}

Html group_figures(const std::string& anchor, const Experiments& experiments) {
  Html figures;
  Experiments finished;
  for (const ExperimentResult* result : experiments) {
    if (!result->runs.empty()) finished.push_back(result);
  }
  const Figure sweep = penalty_sweep(anchor + "-sweep", finished);
  if (!sweep.panels.empty()) figures += render(sweep);
  const bool few = finished.size() <= kMostFigures;
  for (const ExperimentResult* result : finished) {
    const bool published = result->experiment.paper.has_value();
    if (finished.size() > 1 && !(few && published)) continue;
    figures += render(experiment_curves("curves-" + result->experiment.name,
                                        published ? figure_title(result->experiment) : "Training",
                                        *result));
  }
  if (finished.size() < 2) return figures;
  return figures + render(compared_curves(anchor + "-curves", "Side by side", finished));
}

Html group_body(const std::string& anchor, const std::string& note,
                const Experiments& experiments) {
  const std::vector<NamedValue> common = common_options(experiments);
  Html notes;
  for (const ExperimentResult* result : experiments) {
    if (result->experiment.note.empty()) continue;
    notes +=
        tag("li", tag("b", text(result->experiment.title + ": ")) + text(result->experiment.note));
  }
  if (!notes.markup.empty()) notes = styled("ul", "notes", notes);
  return paragraphs(note) + group_table(anchor, experiments, common) + notes +
         tag("details", tag("summary", text("Settings, unless the table says otherwise")) +
                            styled("p", "options", option_list(common))) +
         group_figures(anchor, experiments);
}

}  // namespace

std::string group_anchor(std::size_t i) { return "group-" + std::to_string(i + 1); }

Html experiment_cell(const Experiment& experiment) {
  return text(experiment.title) + styled("code", "name", text(experiment.name));
}

Html group_section(const StudyResult& result, std::size_t i) {
  const StudyFile& study = result.study;
  Experiments experiments;
  for (const ExperimentResult& experiment : result.experiments) {
    if (experiment.experiment.group == study.groups[i]) experiments.push_back(&experiment);
  }
  if (experiments.empty()) return {};
  const std::string note = i < study.group_notes.size() ? study.group_notes[i] : "";
  const std::string anchor = group_anchor(i);
  return section(anchor, study.groups[i], group_body(anchor, note, experiments));
}

}  // namespace deltarule
