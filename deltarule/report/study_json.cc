#include "deltarule/report/study_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace deltarule {
namespace {

// Keeps keys in the order in which they are written here. Numbers that are not finite become null
// when the text is made: JSON has no other word for them.
using Json = nlohmann::ordered_json;

Json to_json(const Interval& interval) { return {interval.low, interval.high}; }

Json to_json(const Summary& summary) {
  return {{"n", summary.n},
          {"mean", summary.mean},
          {"deviation", summary.deviation},
          {"mean_95", to_json(summary.mean_95)},
          {"next_95", to_json(summary.next_95)}};
}

Json to_json(const RunOptions& options) {
  Json json = Json::object();
  for (const auto& option : run_options().options()) {
    std::visit([&](const auto& value) { json[option.info.name] = value; }, option.get(options));
  }
  return json;
}

Json to_json(const WeightsScore& score) {
  return {{"epoch", score.epoch},
          {"validation_loss", score.validation.loss},
          {"validation_accuracy", score.validation.accuracy},
          {"test_loss", score.test.loss},
          {"test_accuracy", score.test.accuracy}};
}

/// A column for each figure: shorter than a record for each epoch, and what a plot wants.
Json to_json(const History& history) {
  Json json;
  for (const char* key : {"epoch", "learning_rate", "train_loss", "train_accuracy",
                          "validation_loss", "validation_accuracy", "penalty", "seconds"}) {
    json[key] = Json::array();
  }
  json["layers"] = Json::array();
  for (const EpochRecord& record : history) {
    json["epoch"].push_back(record.epoch);
    json["learning_rate"].push_back(record.learning_rate);
    json["train_loss"].push_back(record.train.loss);
    json["train_accuracy"].push_back(record.train.accuracy);
    json["validation_loss"].push_back(record.validation.loss);
    json["validation_accuracy"].push_back(record.validation.accuracy);
    json["penalty"].push_back(record.penalty);
    json["seconds"].push_back(record.seconds);
    for (std::size_t i = 0; i < record.layers.size(); ++i) {
      Json& layer = json["layers"][i];
      layer["weight_norm"].push_back(record.layers[i].weight_norm);
      layer["gradient_norm"].push_back(record.layers[i].gradient_norm);
      layer["dead_share"].push_back(record.layers[i].dead_share);
      layer["saturated_share"].push_back(record.layers[i].saturated_share);
    }
  }
  return json;
}

Json to_json(const RunRecord& run) {
  return {{"seed", run.seed},
          {"outcome", name_of(run.outcome)},
          {"stopped_epoch", run.stopped_epoch},
          {"best_epoch", run.best_epoch},
          {"best", to_json(run.best)},
          {"last", to_json(run.last)},
          {"seconds", run.seconds},
          {"history", to_json(run.history)}};
}

Json to_json(const std::optional<PaperResult>& paper) {
  if (!paper) return nullptr;
  return {{"table", paper->table},
          {"test_accuracy", paper->test_accuracy},
          {"stopped_epoch", paper->stopped_epoch}};
}

Json to_json(const ExperimentResult& result) {
  const Experiment& experiment = result.experiment;
  Json json = {{"name", experiment.name},
               {"title", experiment.title},
               {"group", experiment.group},
               {"note", experiment.note},
               {"options", to_json(experiment.options)},
               {"paper", to_json(experiment.paper)},
               {"runs", Json::array()},
               {"summary", Json::object()}};
  for (const RunRecord& run : result.runs) json["runs"].push_back(to_json(run));
  if (result.runs.empty()) return json;
  for (const std::string& metric : metric_names()) {
    json["summary"][metric] = to_json(summarize(metric_of(result, metric)));
  }
  return json;
}

Json data_json(const StudyResult& result) {
  Json hashes = Json::object();
  for (const SourceFile& file : result.data_files) hashes[file.name] = file.sha256;
  Json counts = Json::object();
  for (std::size_t i = 0; i < result.class_counts.size(); ++i) {
    const auto& [train, validation, test] = result.class_counts[i];
    counts[result.classes[i]] = {{"train", train}, {"validation", validation}, {"test", test}};
  }
  Json method = nullptr;
  if (!result.experiments.empty()) {
    method = to_text(run_options().get(result.experiments[0].experiment.options, "split"));
  }
  return {{"name", result.data_name},
          {"description", result.data_description},
          {"notice", result.notice},
          {"hashes", std::move(hashes)},
          {"split",
           {{"method", std::move(method)},
            {"train", result.split.train.size()},
            {"validation", result.split.validation.size()},
            {"test", result.split.test.size()},
            {"counts", std::move(counts)},
            {"duplicates", result.duplicates}}}};
}

Json to_json(const std::vector<TensorCheck>& tensors) {
  Json json = Json::array();
  for (const TensorCheck& tensor : tensors) {
    json.push_back({{"tensor", tensor.tensor},
                    {"epsilon", tensor.epsilon},
                    {"relative_error", tensor.relative_error},
                    {"entries", tensor.entries},
                    {"compared", tensor.compared},
                    {"kinks", tensor.kinks}});
  }
  return json;
}

/// The paper's entry of the same location, or null.
Json paper_entry_json(const StudyFile& study, const std::string& location) {
  for (const StudyFile::PaperEntry& entry : study.paper_entries) {
    if (entry.location != location) continue;
    return {{"approximation", entry.approximation},
            {"backprop", entry.backprop},
            {"difference", entry.difference}};
  }
  return nullptr;
}

Json gradient_check_json(const StudyResult& result) {
  Json networks = Json::array();
  for (const GradientCheck& check : result.gradient_checks) {
    networks.push_back({{"network", check.network},
                        {"passed", check.passed},
                        {"worst_relative_error", check.worst_relative_error},
                        {"tensors", to_json(check.tensors)},
                        {"penalty", to_json(check.penalty)}});
  }
  Json entries = Json::array();
  for (const EntryCheck& entry : result.report_entries) {
    entries.push_back({{"location", entry.location},
                       {"numeric", entry.numeric},
                       {"backward", entry.backward},
                       {"difference", entry.difference},
                       {"paper", paper_entry_json(result.study, entry.location)}});
  }
  return {{"networks", std::move(networks)}, {"entries", std::move(entries)}};
}

Json questions_json(const StudyResult& result) {
  Json json = Json::array();
  for (const Question& question : result.study.questions) {
    Json one = {{"ask", question.ask},       {"first", question.first},
                {"second", question.second}, {"metric", question.metric},
                {"remark", question.remark}, {"difference", nullptr},
                {"p_value", nullptr}};
    if (const auto comparison = compare(result, question)) {
      one["difference"] = to_json(comparison->difference);
      one["p_value"] = comparison->p_value;
    }
    json.push_back(std::move(one));
  }
  return json;
}

Json corrections_json(const StudyResult& result) {
  Json json = Json::array();
  for (const Correction& correction : result.study.corrections) {
    json.push_back({{"paper", correction.paper},
                    {"right", correction.right},
                    {"measured", correction.measured}});
  }
  return json;
}

Json to_json(const Environment& environment) {
  return {{"version", environment.version},     {"commit", environment.commit},
          {"compiler", environment.compiler},   {"instruction_set", environment.instruction_set},
          {"processor", environment.processor}, {"system", environment.system},
          {"command", environment.command},     {"date", environment.date},
          {"threads", environment.threads}};
}

/// A line of comma-separated values, as RFC 4180 has them.
class CsvLine {
 public:
  CsvLine& text(const std::string& value) {
    if (!line_.empty()) line_ += ',';
    if (value.find_first_of(",\"\r\n") == std::string::npos) {
      // An empty first field would not be told from an empty line.
      line_ += line_.empty() && value.empty() ? "\"\"" : value;
      return *this;
    }
    line_ += '"';
    for (const char c : value) line_ += c == '"' ? "\"\"" : std::string(1, c);
    line_ += '"';
    return *this;
  }

  /// The shortest text that reads back as the same number; empty if it is not finite.
  CsvLine& number(double value) {
    std::array<char, 32> digits{};
    if (!std::isfinite(value)) return text("");
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return text(std::string(digits.data(), end));
  }

  std::string finish() const { return line_ + "\n"; }

 private:
  std::string line_;
};

}  // namespace

std::string study_json(const StudyResult& result) {
  Json json = {{"study", result.study.name},
               {"title", result.study.title},
               {"version", result.environment.version},
               {"data", data_json(result)},
               {"experiments", Json::array()},
               {"gradient_check", gradient_check_json(result)},
               {"questions", questions_json(result)},
               {"corrections", corrections_json(result)},
               {"environment", to_json(result.environment)},
               {"interrupted", result.interrupted},
               {"quick", result.quick},
               {"seconds", result.seconds}};
  for (const ExperimentResult& experiment : result.experiments) {
    json["experiments"].push_back(to_json(experiment));
  }
  // Texts come from files; a byte that is no UTF-8 must not cost the whole study.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string experiments_csv(const StudyResult& result) {
  CsvLine head;
  for (const char* name : {"name", "title", "group", "paper_table", "paper_test_accuracy",
                           "paper_stopped_epoch", "runs"}) {
    head.text(name);
  }
  for (const std::string& metric : metric_names()) {
    head.text(metric + ".mean").text(metric + ".deviation");
    head.text(metric + ".low_95").text(metric + ".high_95");
  }
  std::string csv = head.finish();
  for (const ExperimentResult& one : result.experiments) {
    const Experiment& experiment = one.experiment;
    CsvLine line;
    line.text(experiment.name).text(experiment.title).text(experiment.group);
    if (experiment.paper) {
      line.text(experiment.paper->table).number(experiment.paper->test_accuracy);
      line.number(experiment.paper->stopped_epoch);
    } else {
      line.text("").text("").text("");
    }
    line.number(static_cast<double>(one.runs.size()));
    for (const std::string& metric : metric_names()) {
      if (one.runs.empty()) {
        line.text("").text("").text("").text("");
        continue;
      }
      const Summary summary = summarize(metric_of(one, metric));
      line.number(summary.mean).number(summary.deviation);
      line.number(summary.mean_95.low).number(summary.mean_95.high);
    }
    csv += line.finish();
  }
  return csv;
}

std::string runs_csv(const StudyResult& result) {
  CsvLine head;
  head.text("experiment").text("seed").text("outcome");
  for (const std::string& metric : metric_names()) head.text(metric);
  std::string csv = head.finish();
  for (const ExperimentResult& one : result.experiments) {
    for (const RunRecord& run : one.runs) {
      CsvLine line;
      line.text(one.experiment.name).text(std::to_string(run.seed)).text(name_of(run.outcome));
      for (const std::string& metric : metric_names()) line.number(metric_of(run, metric));
      csv += line.finish();
    }
  }
  return csv;
}

}  // namespace deltarule
