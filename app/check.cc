// `deltarule check`: are the gradients right, and does a network learn for the right reasons.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/check_text.h"
#include "app/commands.h"
#include "app/flags.h"
#include "app/paper_study.h"
#include "app/text.h"
#include "deltarule/network/initializer.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAbout =
    "Check gradients against centered differences in double precision, then what one checks by\n"
    "hand before a training. Exits 3 when a check fails.\n\n"
    "Examples:\n"
    "  deltarule check                                    the report's networks, and three layers\n"
    "  deltarule check --hidden 64:relu,32:tanh --all     one network, every entry\n"
    "  deltarule check --hidden 64:relu --l2 0.001 --data flowers.csv --json\n";

/// The report's networks, and the three layers of its conclusion.
const std::vector<std::string> kNetworks = {"128:tanh", "128:sigmoid", "128:relu",
                                            "128:sigmoid,64:relu"};

/// A few are enough, and with more of them ReLU has more kinks.
constexpr std::size_t kExamples = 3;
constexpr double kReportEpsilon = 0.01;
constexpr const char* kReportInitializer = "uniform:0:0.01";

struct CheckFlags {
  RunFlags run;
  DataFlags data;
  std::int64_t seed = 1, per_tensor = 1000;
  bool all = false, json = false, quiet = false;
};

struct Examples {
  Matrix<double> inputs;
  std::vector<std::uint16_t> labels;
};

/// The training part and its normalizer: what a training with these options would begin with.
struct Beginning {
  Split parts;
  Normalizer normalizer;
};

Beginning begin_with(const Dataset& data, const RunOptions& options, std::uint64_t seed) {
  Split parts =
      split(data, {options.split, options.validation_fraction, options.test_fraction}, seed);
  Normalizer normalizer = fit_normalizer(options.normalize, data, parts.train);
  return {std::move(parts), std::move(normalizer)};
}

Examples take_examples(const Dataset& data, const Normalizer& normalizer,
                       std::span<const std::uint32_t> rows) {
  Examples examples{Matrix<double>({rows.size(), data.features}), {}};
  normalize_rows(normalizer, data, rows, examples.inputs.view());
  for (const std::uint32_t row : rows) examples.labels.push_back(data.labels[row]);
  return examples;
}

/// The report's output bias has a gradient of 0.9, so its example was of the first class.
std::uint32_t report_row(const Dataset& data, const Split& parts) {
  const auto found = std::find_if(parts.train.begin(), parts.train.end(),
                                  [&](std::uint32_t row) { return data.labels[row] == 0; });
  return found == parts.train.end() ? parts.train.front() : *found;
}

Network<double> initial_network(const Dataset& data, const std::string& hidden,
                                const std::string& initializer, std::uint64_t seed) {
  const NetworkSpec spec = make_spec(data.features, hidden, data.classes.size(), flag_of("hidden"));
  return to_double(
      make_network(spec, parse_initializer(initializer, flag_of("initializer")), seed));
}

/// Writes text as it comes, and JSON at the end.
class Output {
 public:
  explicit Output(bool json) : as_json_(json) {}
  void add(const std::string& key, const std::string& text, Json json) {
    if (as_json_) {
      result_[key] = std::move(json);
    } else {
      write_results((first_ ? "" : "\n") + text);
      first_ = false;
    }
  }
  void finish(bool passed) {
    if (as_json_) {
      result_["passed"] = passed;
      write_json(result_);
    } else {
      write_results(passed ? "\nAll checks passed.\n" : "\nA check failed.\n");
    }
  }

 private:
  bool as_json_, first_ = true;
  Json result_ = Json::object();
};

class CheckRun {
 public:
  CheckRun(const CheckFlags& flags, const RunOptions& options, const Dataset& data,
           Console& console)
      : flags_(flags),
        options_(options),
        data_(data),
        console_(console),
        seed_(static_cast<std::uint64_t>(flags.seed)),
        beginning_(begin_with(data, options, seed_)),
        output_(flags.json) {}

  /// Whether all checks passed.
  bool perform() {
    if (flags_.run.names_network()) {
      check_networks({options_.hidden});
    } else {
      check_networks(kNetworks);
      show_report_entries();
    }
    check_before_training();
    output_.finish(passed_);
    return passed_;
  }

 private:
  void check_networks(const std::vector<std::string>& networks) {
    GradientCheckOptions options;
    options.seed = seed_;
    options.penalty = {options_.l1, options_.l2};
    options.per_tensor = flags_.all ? 0 : static_cast<std::size_t>(flags_.per_tensor);
    const std::span<const std::uint32_t> train(beginning_.parts.train);
    const Examples examples =
        take_examples(data_, beginning_.normalizer, train.first(std::min(kExamples, train.size())));
    Json checks = Json::array();
    for (const std::string& hidden : networks) {
      console_.show({"checking the gradients of " + hidden + " …"});
      const GradientCheck check =
          check_gradients(initial_network(data_, hidden, options_.initializer, seed_),
                          examples.inputs.view(), examples.labels, options);
      console_.clear();
      passed_ = passed_ && check.passed;
      checks.push_back(gradient_json(check));
      output_.add("gradient_checks", gradient_text(check, options), checks);
    }
  }

  void show_report_entries() {
    const std::uint32_t row = report_row(data_, beginning_.parts);
    const Examples example = take_examples(data_, beginning_.normalizer, {&row, 1});
    const std::vector<EntryCheck> entries =
        check_report_entries(initial_network(data_, kNetworks.front(), kReportInitializer, seed_),
                             example.inputs.view(), example.labels[0], kReportEpsilon);
    const StudyFile report = parse_study_file(paper_study_text(), "studies/paper.toml");
    output_.add("report_entries", entries_text(entries, report.paper_entries),
                entries_json(entries, report.paper_entries));
  }

  void check_before_training() {
    console_.show({"checking what one checks before a training …"});
    const std::vector<PreflightCheck> checks = preflight(data_, options_, seed_);
    console_.clear();
    for (const PreflightCheck& check : checks) passed_ = passed_ && check.passed;
    output_.add("preflight", preflight_text(checks), preflight_json(checks));
  }

  const CheckFlags& flags_;
  const RunOptions& options_;
  const Dataset& data_;
  Console& console_;
  std::uint64_t seed_;
  Beginning beginning_;
  Output output_;
  bool passed_ = true;
};

int run_check(const CheckFlags& flags) {
  const RunOptions options = flags.run.resolve();
  Console console(flags.quiet);
  const Dataset data = flags.data.open(console).data;
  return CheckRun(flags, options, data, console).perform() ? kDone : kCheckFailed;
}

}  // namespace

void add_check(Program& program) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* app = program.app.add_subcommand("check", kAbout);
  flags->data.add_to(*app);
  add_integer_flag(*app, "--per-tensor", flags->per_tensor, 1, 1'000'000'000,
                   "how many entries of each tensor to compare, a seeded sample");
  app->add_flag("--all", flags->all, "compare every entry of every tensor");
  add_integer_flag(*app, "--seed", flags->seed, 0, std::int64_t{1} << 53,
                   "of the weights and of the sample");
  app->add_flag("--json", flags->json, "write the results as JSON");
  app->add_flag("--quiet", flags->quiet, "no messages, no progress");
  flags->run.add_to(*app);
  program.commands.push_back({app, [flags] { return run_check(*flags); }});
}

}  // namespace deltarule::app
