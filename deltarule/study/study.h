// What a study has found: values that the report and study.json are written from.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "deltarule/checking/gradient_check.h"
#include "deltarule/statistics/intervals.h"
#include "deltarule/study/study_file.h"
#include "deltarule/training/run.h"

namespace deltarule {

/// A run without its weights, which are kept for the first seed only.
struct RunRecord {
  std::uint64_t seed = 0;
  Outcome outcome = Outcome::kFinished;
  int stopped_epoch = 0, best_epoch = 0;
  WeightsScore best, last;
  History history;
  double seconds = 0;
};

struct ExperimentResult {
  Experiment experiment;
  std::vector<RunRecord> runs;       ///< in order of seed; fewer than asked for if interrupted
  std::optional<Model> first_model;  ///< of the first seed, the weights that options.keep names
};

/// Machine, program and command: what someone needs to do it again.
struct Environment {
  std::string version, commit, compiler, instruction_set, processor, system, command, date;
  int threads = 0;
};

struct StudyResult {
  StudyFile study;
  std::string data_name, data_description, notice;  ///< notice: shown at the top; may be empty
  std::vector<SourceFile> data_files;
  Split split;  ///< of the first seed of the first experiment
  std::vector<std::string> classes;
  /// Of that split, as class_counts() has it.
  std::vector<std::array<std::size_t, 3>> class_counts;
  std::size_t duplicates = 0;  ///< test rows that are also training rows, in that split
  std::vector<ExperimentResult> experiments;
  std::vector<GradientCheck> gradient_checks;
  std::vector<EntryCheck> report_entries;
  Environment environment;
  bool quick = false, interrupted = false;
  double seconds = 0;
};

/// The value of a metric ("best.test_accuracy", "last.validation_loss", "stopped_epoch", …) in a
/// run. Throws Error for an unknown metric.
double metric_of(const RunRecord& run, const std::string& metric);
std::vector<double> metric_of(const ExperimentResult& result, const std::string& metric);

/// A question's two experiments over the seeds that both have finished. Nothing if there are none,
/// or if one of the experiments was not run.
std::optional<PairedComparison> compare(const StudyResult& result, const Question& question);

/// "best.test_accuracy" and all others, in the order of tables.
const std::vector<std::string>& metric_names();

}  // namespace deltarule
