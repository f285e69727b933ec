#include "deltarule/report/number_text.h"
#include "deltarule/report/option_text.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

Html machine_facts(const StudyResult& result) {
  const Environment& environment = result.environment;
  std::vector<std::pair<std::string, Html>> facts;
  const auto fact = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) facts.emplace_back(name, text(value));
  };
  fact("deltarule", environment.version);
  fact("Commit", environment.commit);
  fact("Compiler", environment.compiler);
  fact("Instruction set", environment.instruction_set);
  fact("Processor", environment.processor);
  fact("Threads", environment.threads > 0 ? std::to_string(environment.threads) : "");
  fact("System", environment.system);
  fact("Date", environment.date);
  fact("Wall time", duration_text(result.seconds));
  return render_facts(facts);
}

Html file_table(const StudyResult& result) {
  if (result.data_files.empty()) return {};
  Table table;
  table.name = "data-files";
  table.caption = "Files of the data set, SHA-256 of their decompressed bytes";
  table.columns = {{"File"}, {"SHA-256"}};
  for (const SourceFile& file : result.data_files) {
    table.rows.push_back({text(file.name), tag("code", text(file.sha256))});
  }
  return render(table);
}

Html split_table(const StudyResult& result, const Dataset& data) {
  Table table;
  table.name = "class-counts";
  table.caption = "Examples of each class in each part, first experiment, first seed";
  table.columns = {{"Class"}, {"Train", true}, {"Validation", true}, {"Test", true}};
  const auto counts = class_counts(data, result.split);
  for (std::size_t i = 0; i < counts.size() && i < data.classes.size(); ++i) {
    table.rows.push_back({text(data.classes[i]), text(count_text(counts[i][0])),
                          text(count_text(counts[i][1])), text(count_text(counts[i][2]))});
  }
  table.rows.push_back({tag("b", text("all")),
                        tag("b", text(count_text(result.split.train.size()))),
                        tag("b", text(count_text(result.split.validation.size()))),
                        tag("b", text(count_text(result.split.test.size())))});
  return render(table);
}

std::string duplicates_sentence(std::size_t n) {
  if (n == 0) return "No example of the test part is also in the training part.";
  return count_of(n, "example") + " of the test part " + (n == 1 ? "is" : "are") +
         " also in the training part, byte for byte.";
}

/// Options as rows, experiments as columns would be too wide: one line per experiment.
Html option_details(const StudyResult& result) {
  Table table;
  table.name = "options";
  table.caption = "Every option of every experiment";
  table.columns = {{"Experiment"}};
  for (const std::string& name : run_options().names()) table.columns.push_back({name});
  table.columns.push_back({"seconds a run", true});
  for (const ExperimentResult& experiment : result.experiments) {
    std::vector<Html> row = {tag("code", text(experiment.experiment.name))};
    for (const auto& [name, value] : all_options(experiment.experiment.options)) {
      row.push_back(text(value));
    }
    double seconds = 0;
    for (const RunRecord& run : experiment.runs) seconds += run.seconds;
    const auto n = static_cast<double>(experiment.runs.size());
    row.push_back(text(n > 0 ? decimal_text(seconds / n, 1) : "—"));
    table.rows.push_back(std::move(row));
  }
  return tag("details", tag("summary", text("Options of each experiment")) + render(table));
}

}  // namespace

Html environment_section(const StudyResult& result, const Dataset& data) {
  Html inner;
  if (!result.environment.command.empty()) {
    inner += tag("p", text("To do it again:")) +
             tag("pre", tag("code", text(result.environment.command)));
  }
  inner += machine_facts(result);
  inner += tag("h3", text("Data"));
  inner += tag("p", tag("b", text(result.data_name + ". ")) + text(result.data_description));
  inner += file_table(result) + split_table(result, data);
  inner += tag("p", text(duplicates_sentence(result.duplicates)));
  inner += tag("h3", text("Settings")) + option_details(result);
  return section("environment", "Environment", inner);
}

}  // namespace deltarule
