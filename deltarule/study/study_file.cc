#include "deltarule/study/study_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/network/initializer.h"
#include "deltarule/network/spec.h"
#include "deltarule/study/study.h"
#include "deltarule/study/study_keys.h"
#include "deltarule/training/schedule.h"

namespace deltarule {
namespace {

constexpr std::size_t kMostStudyBytes = std::size_t{16} << 20;

/// White space becomes one space, and an empty line the end of a paragraph ("\n\n"): texts may be
/// broken over lines in the file.
std::string join_lines(std::string_view text) {
  std::string result;
  std::size_t line_ends = 0;
  bool blank = false;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      blank = true;
      line_ends += c == '\n';
      continue;
    }
    if (blank && !result.empty()) result += line_ends > 1 ? "\n\n" : " ";
    blank = false;
    line_ends = 0;
    result += c;
  }
  return result;
}

/// Reads tables of one file; the name of the file and the line stand in every message.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  toml::table parse(std::string_view text) const {
    try {
      return toml::parse(text, file_);
    } catch (const toml::parse_error& e) {
      throw Error({"this is not valid TOML: " + std::string(e.description()),
                   file_ + ":" + std::to_string(e.source().begin.line) + ":" +
                       std::to_string(e.source().begin.column),
                   "", "", "docs/study-file.md shows the format"});
    }
  }

  std::string where(const toml::node& node) const {
    return file_ + ":" + std::to_string(std::max<unsigned>(1, node.source().begin.line));
  }

  /// Sets every key of `table` in `target`. `kind` is how the file writes the table.
  template <class Struct>
  void read(const toml::table& table, const std::string& kind, const OptionSet<Struct>& keys,
            const std::vector<std::string>& required, Struct& target) const {
    for (const auto& [key, node] : table) {
      if (!keys.contains(key.str())) throw_unknown_key(key, kind, keys.names());
      assign(keys, key, node, target);
    }
    require(table, kind, required);
  }

  template <class Struct>
  void assign(const OptionSet<Struct>& keys, const toml::key& key, const toml::node& node,
              Struct& target) const {
    keys.set(target, key.str(), value_of(key, node), where(node));
  }

  /// Options that are texts in a little language of their own are checked here too, where the
  /// line is known.
  void assign_run_option(const toml::key& key, const toml::node& node, RunOptions& options) const {
    assign(run_options(), key, node, options);
    if (key == "hidden") make_spec(1, options.hidden, 2, where(node));
    if (key == "initializer") parse_initializer(options.initializer, where(node));
    if (key == "schedule") parse_schedule(options.schedule, where(node));
  }

  void require(const toml::table& table, const std::string& kind,
               const std::vector<std::string>& required) const {
    for (const std::string& key : required) {
      const toml::node* node = table.get(key);
      const bool empty = node != nullptr && node->is_string() && node->as_string()->get().empty();
      if (node != nullptr && !empty) continue;
      throw Error({"'" + key + "' is missing", where(table), kind + " with '" + key + "'", "",
                   "docs/study-file.md lists the keys of each table"});
    }
  }

  [[noreturn]] void throw_unknown_key(const toml::key& key, const std::string& kind,
                                      const std::vector<std::string>& names) const {
    throw_unknown_name(key.str(), "key of " + kind, names,
                       file_ + ":" + std::to_string(key.source().begin.line));
  }

  /// The tables written as [[name]]; none if there are none.
  std::vector<const toml::table*> tables(const toml::table& root, const std::string& name) const {
    std::vector<const toml::table*> result;
    const toml::node* node = root.get(name);
    if (node == nullptr) return result;
    const toml::array* array = node->as_array();
    if (array == nullptr) throw_not_tables(*node, name);
    for (const toml::node& element : *array) {
      if (!element.is_table()) throw_not_tables(element, name);
      result.push_back(element.as_table());
    }
    return result;
  }

 private:
  OptionValue value_of(const toml::key& key, const toml::node& node) const {
    if (const auto* value = node.as_boolean()) return value->get();
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_floating_point()) return value->get();
    if (const auto* value = node.as_string()) return join_lines(value->get());
    throw Error({"'" + std::string(key.str()) + "' is not a single value", where(node),
                 "a number, a text, true or false", "another kind of value", ""});
  }

  [[noreturn]] void throw_not_tables(const toml::node& node, const std::string& name) const {
    throw Error({"'" + name + "' must be written once for each entry, in double brackets",
                 where(node), "[[" + name + "]]", "another kind of value", ""});
  }

  std::string file_;
};

void read_groups(const Reader& reader, const toml::table& root, StudyFile& study) {
  for (const toml::table* table : reader.tables(root, "group")) {
    Group group;
    reader.read(*table, "[[group]]", group_keys(), {"name"}, group);
    if (std::find(study.groups.begin(), study.groups.end(), group.name) != study.groups.end()) {
      throw Error({"two groups have the same name", reader.where(*table), "a name of its own",
                   group.name, ""});
    }
    study.groups.push_back(group.name);
    study.group_notes.push_back(group.note);
  }
}

RunOptions read_defaults(const Reader& reader, const toml::table& root) {
  RunOptions defaults;
  const toml::node* node = root.get("defaults");
  if (node == nullptr) return defaults;
  if (!node->is_table()) {
    throw Error({"'defaults' must be a table", reader.where(*node), "[defaults]", "", ""});
  }
  for (const auto& [key, value] : *node->as_table()) {
    if (!run_options().contains(key.str())) {
      reader.throw_unknown_key(key, "[defaults]", run_options().names());
    }
    reader.assign_run_option(key, value, defaults);
  }
  return defaults;
}

PaperResult read_paper(const Reader& reader, const toml::node& node) {
  if (!node.is_table()) {
    throw Error({"'paper' must be a table", reader.where(node),
                 "{ table = \"Table 3\", test_accuracy = 0.9773, stopped_epoch = 20 }", "", ""});
  }
  PaperResult paper;
  reader.read(*node.as_table(), "paper", paper_keys(), {"table", "test_accuracy"}, paper);
  return paper;
}

std::vector<std::string> all_experiment_keys() {
  std::vector<std::string> names = experiment_keys().names();
  names.push_back("paper");
  for (const std::string& name : run_options().names()) names.push_back(name);
  return names;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-';
  });
}

Experiment read_experiment(const Reader& reader, const toml::table& table,
                           const RunOptions& defaults) {
  Experiment experiment;
  experiment.options = defaults;
  for (const auto& [key, node] : table) {
    if (experiment_keys().contains(key.str())) {
      reader.assign(experiment_keys(), key, node, experiment);
    } else if (run_options().contains(key.str())) {
      reader.assign_run_option(key, node, experiment.options);
    } else if (key == "paper") {
      experiment.paper = read_paper(reader, node);
    } else {
      reader.throw_unknown_key(key, "[[experiment]]", all_experiment_keys());
    }
  }
  reader.require(table, "[[experiment]]", {"name"});
  if (!is_plain_name(experiment.name)) {
    throw Error({"the name of an experiment must be plain", reader.where(table),
                 "letters, digits and hyphens", experiment.name, ""});
  }
  if (experiment.title.empty()) experiment.title = experiment.name;
  return experiment;
}

std::vector<std::string> names_of(const std::vector<Experiment>& experiments) {
  std::vector<std::string> names;
  for (const Experiment& experiment : experiments) names.push_back(experiment.name);
  return names;
}

void require_known(std::string_view name, const std::string& kind,
                   const std::vector<std::string>& known, const std::string& where) {
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw_unknown_name(name, kind, known, where);
  }
}

void read_experiments(const Reader& reader, const toml::table& root, StudyFile& study) {
  const RunOptions defaults = read_defaults(reader, root);
  const bool grouped = !study.groups.empty();
  for (const toml::table* table : reader.tables(root, "experiment")) {
    Experiment experiment = read_experiment(reader, *table, defaults);
    const std::string where = reader.where(*table);
    const std::vector<std::string> names = names_of(study.experiments);
    if (std::find(names.begin(), names.end(), experiment.name) != names.end()) {
      throw Error(
          {"two experiments have the same name", where, "a name of its own", experiment.name, ""});
    }
    if (grouped || !experiment.group.empty()) {
      require_known(experiment.group, "group", study.groups, where);
    } else {
      experiment.group = "Experiments";
    }
    study.experiments.push_back(std::move(experiment));
  }
  if (!grouped) {
    study.groups = {"Experiments"};
    study.group_notes = {""};
  }
  if (study.experiments.empty()) {
    throw Error({"a study needs at least one experiment", reader.where(root), "[[experiment]]",
                 "none", "docs/study-file.md shows a small study"});
  }
}

void read_questions(const Reader& reader, const toml::table& root, StudyFile& study) {
  const std::vector<std::string> names = names_of(study.experiments);
  for (const toml::table* table : reader.tables(root, "question")) {
    Question question;
    reader.read(*table, "[[question]]", question_keys(), {"ask", "first", "second"}, question);
    const std::string where = reader.where(*table);
    require_known(question.first, "experiment", names, where);
    require_known(question.second, "experiment", names, where);
    require_known(question.metric, "metric", metric_names(), where);
    study.questions.push_back(std::move(question));
  }
}

/// Every {experiment.metric} in `text` must exist, or the page would show the braces.
void check_placeholders(const std::string& text, const std::vector<std::string>& names,
                        const std::string& where) {
  for (std::size_t open = text.find('{'); open != std::string::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const std::string inside =
        close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
    const std::size_t dot = inside.find('.');
    if (dot == std::string::npos) {
      throw Error({"a brace in 'measured' begins no {experiment.metric}", where,
                   "{" + names.front() + "." + metric_names().front() + "}", text.substr(open, 40),
                   ""});
    }
    require_known(inside.substr(0, dot), "experiment", names, where);
    require_known(inside.substr(dot + 1), "metric", metric_names(), where);
  }
}

void read_corrections(const Reader& reader, const toml::table& root, StudyFile& study) {
  for (const toml::table* table : reader.tables(root, "correction")) {
    Correction correction;
    reader.read(*table, "[[correction]]", correction_keys(), {"paper", "right"}, correction);
    check_placeholders(correction.measured, names_of(study.experiments), reader.where(*table));
    study.corrections.push_back(std::move(correction));
  }
}

void read_checks(const Reader& reader, const toml::table& root, StudyFile& study) {
  for (const toml::table* table : reader.tables(root, "gradient_check")) {
    GradientCheckRequest request{"", RunOptions{}.initializer};
    reader.read(*table, "[[gradient_check]]", gradient_check_keys(), {"hidden"}, request);
    make_spec(1, request.hidden, 2, reader.where(*table));
    parse_initializer(request.initializer, reader.where(*table));
    study.gradient_checks.push_back(std::move(request));
  }
  for (const toml::table* table : reader.tables(root, "paper_entry")) {
    StudyFile::PaperEntry entry;
    reader.read(*table, "[[paper_entry]]", paper_entry_keys(),
                {"location", "approximation", "backprop", "difference"}, entry);
    study.paper_entries.push_back(std::move(entry));
  }
  if (study.paper_entries.empty()) return;
  constexpr std::size_t kLayersOfOneHidden = 2;
  if (study.gradient_checks.empty() ||
      make_spec(1, study.gradient_checks[0].hidden, 2, "").layers.size() != kLayersOfOneHidden) {
    throw Error({"the entries of the paper's gradient table need a network",
                 reader.where(*reader.tables(root, "paper_entry")[0]),
                 "a first [[gradient_check]] with exactly one hidden layer", "", ""});
  }
}

}  // namespace

StudyFile parse_study_file(std::string_view text, const std::string& name) {
  const Reader reader(name);
  const toml::table root = reader.parse(text);
  const std::vector<std::string> tables = {"defaults",   "group",          "experiment", "question",
                                           "correction", "gradient_check", "paper_entry"};
  StudyFile study;
  for (const auto& [key, node] : root) {
    if (std::find(tables.begin(), tables.end(), key.str()) != tables.end()) continue;
    if (!study_keys().contains(key.str())) {
      std::vector<std::string> names = study_keys().names();
      names.insert(names.end(), tables.begin(), tables.end());
      reader.throw_unknown_key(key, "a study", names);
    }
    reader.assign(study_keys(), key, node, study);
  }
  reader.require(root, "a study", {"name"});
  // It names the folder that is written.
  if (!is_plain_name(study.name)) {
    throw Error(
        {"the name of a study must be plain", name, "letters, digits and hyphens", study.name, ""});
  }
  if (study.title.empty()) study.title = study.name;
  read_groups(reader, root, study);
  read_experiments(reader, root, study);
  read_questions(reader, root, study);
  read_corrections(reader, root, study);
  read_checks(reader, root, study);
  return study;
}

StudyFile read_study_file(const std::filesystem::path& path) {
  return parse_study_file(read_file(path, kMostStudyBytes), path.string());
}

RunOptions read_run_options(const std::filesystem::path& path) {
  const Reader reader(path.string());
  const toml::table root = reader.parse(read_file(path, kMostStudyBytes));
  RunOptions options;
  for (const auto& [key, node] : root) {
    if (!run_options().contains(key.str())) {
      reader.throw_unknown_key(key, "a file of run options", run_options().names());
    }
    reader.assign_run_option(key, node, options);
  }
  return options;
}

}  // namespace deltarule
