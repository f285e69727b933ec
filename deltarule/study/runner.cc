#include "deltarule/study/runner.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

#include "deltarule/base/error.h"
#include "deltarule/base/threads.h"
#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

/// The weights of a check begin as those of the first run do.
constexpr std::uint64_t kCheckSeed = 1;
constexpr std::size_t kCheckExamples = 3;
constexpr std::size_t kQuickEntriesPerTensor = 100;
/// The ε of the paper's own table.
constexpr double kPaperEpsilon = 0.01;

struct Task {
  std::size_t experiment = 0;
  std::uint64_t seed = 1;
  double epoch_work = 0;  ///< multiplications per example: the cost of an epoch, in some unit
  int most_epochs = 0;
  int epochs_done = 0;
  bool done = false;
};

std::vector<Experiment> chosen_experiments(const StudyFile& study, const StudyOptions& options) {
  std::vector<std::string> names;
  for (const Experiment& experiment : study.experiments) names.push_back(experiment.name);
  for (const std::string& name : options.only) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw_unknown_name(name, "experiment", names, "--only");
    }
  }
  std::vector<Experiment> chosen;
  for (const Experiment& experiment : study.experiments) {
    const bool wanted = options.only.empty() || std::find(options.only.begin(), options.only.end(),
                                                          experiment.name) != options.only.end();
    if (!wanted) continue;
    chosen.push_back(experiment);
    if (options.quick) {
      RunOptions& run = chosen.back().options;
      run.epochs = std::min(run.epochs, kQuickEpochs);
    }
  }
  return chosen;
}

double work_of(const NetworkSpec& spec) {
  double work = 0;
  for (std::size_t layer = 0; layer < spec.layers.size(); ++layer) {
    work += static_cast<double>(spec.inputs_of(layer) * spec.layers[layer].units);
  }
  return work;
}

/// Seed by seed, so that an interrupted study has every experiment once before any of them twice;
/// within a seed the longest first, so that at the very end no thread is left with a long run
/// while the others have nothing to do.
std::vector<Task> make_tasks(const std::vector<ExperimentResult>& experiments, int seeds,
                             const Dataset& data) {
  std::vector<Task> tasks;
  for (int seed = 1; seed <= seeds; ++seed) {
    for (std::size_t e = 0; e < experiments.size(); ++e) {
      const RunOptions& options = experiments[e].experiment.options;
      const NetworkSpec spec = make_spec(data.features, options.hidden, data.classes.size(),
                                         experiments[e].experiment.name);
      tasks.push_back(
          {e, static_cast<std::uint64_t>(seed), work_of(spec), options.epochs, 0, false});
    }
  }
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
    if (a.seed != b.seed) return a.seed < b.seed;
    return a.epoch_work * a.most_epochs > b.epoch_work * b.most_epochs;
  });
  return tasks;
}

/// A few normalized examples of the training part.
struct CheckExamples {
  Matrix<double> inputs;
  std::vector<std::uint16_t> labels;
};

CheckExamples make_check_examples(const Dataset& data, const Normalizer& normalizer,
                                  std::span<const std::uint32_t> rows) {
  CheckExamples examples{Matrix<double>({rows.size(), data.features}), {}};
  normalize_rows(normalizer, data, rows, examples.inputs.view());
  for (const std::uint32_t row : rows) examples.labels.push_back(data.labels[row]);
  return examples;
}

/// What `work` returns. An error says which experiment it comes from.
template <class Work>
auto for_experiment(const Experiment& experiment, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    Explanation explanation = error.explanation();
    explanation.where = "experiment " + experiment.name +
                        (explanation.where.empty() ? "" : ", " + explanation.where);
    throw Error(explanation);
  }
}

/// For the paper's table: the first training example of the first class. That the gradient of the
/// first output bias is printed as 0.9 says that its pattern was of that class: an untrained
/// network answers about 0.1 there, and |t − y| is 0.9 only where t = 1.
std::uint32_t paper_row(const Dataset& data, const Split& split) {
  for (const std::uint32_t row : split.train) {
    if (data.labels[row] == 0) return row;
  }
  return split.train.front();
}

class StudyRun {
 public:
  StudyRun(const StudyFile& study, const Dataset& data, const StudyOptions& options,
           StudyResult begin, const StudyObserver& observer)
      : data_(data), options_(options), observer_(observer), result_(std::move(begin)) {
    result_.study = study;
    if (options.quick) result_.study.seeds = 1;
    result_.quick = options.quick;
    result_.data_name = data.name;
    result_.data_description = data.description;
    result_.data_files = data.files;
    for (Experiment& experiment : chosen_experiments(study, options)) {
      result_.experiments.push_back({std::move(experiment), {}, std::nullopt});
    }
    const RunOptions& first = result_.experiments.front().experiment.options;
    result_.split =
        split(data, {first.split, first.validation_fraction, first.test_fraction}, kCheckSeed);
    // What does not fit the data is refused before anything is trained.
    for (const ExperimentResult& result : result_.experiments) {
      const RunOptions& own = result.experiment.options;
      for_experiment(result.experiment, [&] {
        return split(data, {own.split, own.validation_fraction, own.test_fraction}, kCheckSeed);
      });
    }
    result_.classes = data.classes;
    result_.class_counts = class_counts(data, result_.split);
    result_.duplicates = count_duplicates(data, result_.split.train, result_.split.test);
    normalizer_ = fit_normalizer(first.normalize, data, result_.split.train);
    tasks_ = make_tasks(result_.experiments, result_.study.seeds, data);
    checks_.resize(study.gradient_checks.size());
  }

  StudyResult perform() {
    check_entries();
    // The checks are over before the first run ends, so that the last run completes the study.
    for_each_index(checks_.size(), options_.threads, [&](std::size_t i) {
      if (!should_stop()) check(i);
    });
    for_each_index(tasks_.size(), options_.threads, [&](std::size_t i) {
      if (!should_stop()) perform_task(i);
    });
    result_.seconds = seconds();
    result_.interrupted = !is_complete();
    return std::move(result_);
  }

 private:
  Network<double> check_network(const GradientCheckRequest& request) const {
    const NetworkSpec spec =
        make_spec(data_.features, request.hidden, data_.classes.size(), "gradient_check");
    return to_double(
        make_network(spec, parse_initializer(request.initializer, "gradient_check"), kCheckSeed));
  }

  void check(std::size_t i) {
    GradientCheckOptions options;
    if (options_.quick) options.per_tensor = kQuickEntriesPerTensor;
    const std::span<const std::uint32_t> rows(result_.split.train);
    const CheckExamples examples =
        make_check_examples(data_, normalizer_, rows.first(std::min(kCheckExamples, rows.size())));
    GradientCheck found = check_gradients(check_network(result_.study.gradient_checks[i]),
                                          examples.inputs.view(), examples.labels, options);
    const std::lock_guard lock(mutex_);
    checks_[i] = std::move(found);
    result_.gradient_checks.clear();
    for (const std::optional<GradientCheck>& made : checks_) {
      if (made) result_.gradient_checks.push_back(*made);
    }
  }

  void check_entries() {
    if (result_.study.paper_entries.empty()) return;
    const std::uint32_t row = paper_row(data_, result_.split);
    const CheckExamples example = make_check_examples(data_, normalizer_, {&row, 1});
    result_.report_entries =
        check_report_entries(check_network(result_.study.gradient_checks[0]), example.inputs.view(),
                             example.labels[0], kPaperEpsilon);
  }

  bool is_complete() const {
    return runs_done_ == tasks_.size() && result_.gradient_checks.size() == checks_.size();
  }

  void perform_task(std::size_t index) {
    const Experiment& experiment = result_.experiments[tasks_[index].experiment].experiment;
    Observer observer;
    observer.on_epoch = [&](const EpochRecord& epoch) { record_epoch(index, epoch); };
    observer.should_stop = [this] { return should_stop(); };
    ThreadTeam team(1);
    Run run = for_experiment(experiment, [&] {
      return perform_run(data_, experiment.options, tasks_[index].seed, observer, team);
    });
    if (run.training.outcome == Outcome::kInterrupted) return;
    finish(index, std::move(run));
  }

  void finish(std::size_t index, Run run) {
    std::optional<Model> model;
    if (run.seed == kCheckSeed) model = make_model(run, data_);
    RunRecord record{run.seed,
                     run.training.outcome,
                     run.training.stopped_epoch,
                     run.training.best_epoch,
                     run.best,
                     run.last,
                     std::move(run.training.history),
                     run.seconds};

    const std::lock_guard lock(mutex_);
    Task& task = tasks_[index];
    task.epochs_done = record.stopped_epoch;
    task.done = true;
    ++runs_done_;
    ExperimentResult& experiment = result_.experiments[task.experiment];
    if (model) experiment.first_model = std::move(model);
    const auto place = std::find_if(experiment.runs.begin(), experiment.runs.end(),
                                    [&](const RunRecord& r) { return r.seed > record.seed; });
    experiment.runs.insert(place, std::move(record));
    result_.seconds = seconds();
    // Until the last run is done: should the program be killed, what was saved says so.
    result_.interrupted = !is_complete();
    if (observer_.on_run_finished) observer_.on_run_finished(result_);
  }

  void record_epoch(std::size_t index, const EpochRecord& epoch) {
    const std::lock_guard lock(mutex_);
    Task& task = tasks_[index];
    work_done_ += task.epoch_work * (epoch.epoch - task.epochs_done);
    task.epochs_done = epoch.epoch;
    if (!observer_.on_epoch) return;
    observer_.on_epoch({runs_done_, tasks_.size(),
                        result_.experiments[task.experiment].experiment.name, task.seed,
                        task.most_epochs, epoch, seconds_left()});
  }

  /// At the speed so far. A run is expected to stop where other seeds of it did, on average.
  double seconds_left() const {
    if (work_done_ <= 0) return -1;
    double work_left = 0;
    for (const Task& task : tasks_) {
      if (task.done) continue;
      double epochs = task.most_epochs;
      const std::vector<double> stops =
          metric_of(result_.experiments[task.experiment], "stopped_epoch");
      if (!stops.empty()) epochs = summarize(stops).mean;
      work_left += task.epoch_work * std::max(0.0, epochs - task.epochs_done);
    }
    return work_left * seconds() / work_done_;
  }

  bool should_stop() {
    if (!stopping_ && observer_.should_stop && observer_.should_stop()) stopping_ = true;
    return stopping_;
  }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const Dataset& data_;
  const StudyOptions& options_;
  const StudyObserver& observer_;
  Normalizer normalizer_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  ///< guards what follows while runs go
  StudyResult result_;
  std::vector<Task> tasks_;
  std::vector<std::optional<GradientCheck>> checks_;
  std::size_t runs_done_ = 0;
  double work_done_ = 0;
};

}  // namespace

StudyResult run_study(const StudyFile& study, const Dataset& data, const StudyOptions& options,
                      StudyResult begin, const StudyObserver& observer) {
  return StudyRun(study, data, options, std::move(begin), observer).perform();
}

}  // namespace deltarule
