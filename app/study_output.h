// What a study writes: its folder while it goes and when it ends, and its last words.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "deltarule/study/study.h"

namespace deltarule::app {

/// The folder of a study. study.json is kept up to date while runs finish, so that a study that is
/// killed keeps what is finished; the rest is written once.
class StudyFolder {
 public:
  /// Throws Error if the folder could not be written to. Creates nothing yet.
  explicit StudyFolder(std::filesystem::path folder);

  /// Creates the folder.
  void create() const;

  /// Rewrites study.json, unless that was done so lately that it would slow the study down.
  void save_progress(const StudyResult& result);

  /// report.html, study.json, experiments.csv, runs.csv, models/NAME.safetensors.
  void save_all(const StudyResult& result, const Dataset& data) const;

  std::filesystem::path report() const { return folder_ / "report.html"; }

 private:
  using Clock = std::chrono::steady_clock;

  std::filesystem::path folder_;
  Clock::time_point next_save_{};
};

/// A line for each experiment: the report's accuracy and ours.
std::string study_table(const StudyResult& result);

}  // namespace deltarule::app
