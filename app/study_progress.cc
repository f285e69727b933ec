#include "app/study_progress.h"

#include "app/text.h"

namespace deltarule::app {

void StudyConsole::show_epoch(const StudyProgress& progress) {
  runs_total_ = progress.runs_total;
  const EpochRecord& epoch = progress.epoch;
  going_[{progress.experiment, progress.seed}] =
      formatted("  %s, seed %llu: epoch %d of %d  validation loss %.4f  accuracy %.4f",
                progress.experiment.c_str(), static_cast<unsigned long long>(progress.seed),
                epoch.epoch, progress.epochs, epoch.validation.loss, epoch.validation.accuracy);
  std::string whole = formatted("%zu of %zu runs done", progress.runs_done, progress.runs_total);
  if (progress.seconds_left >= 0)
    whole += ", about " + duration_text(progress.seconds_left) + " left";
  std::vector<std::string> lines = {whole};
  for (const auto& [run, line] : going_) lines.push_back(line);
  console_.show(lines);
}

void StudyConsole::show_finished(const StudyResult& result) {
  for (const ExperimentResult& experiment : result.experiments) {
    for (const RunRecord& run : experiment.runs) {
      const RunName name{experiment.experiment.name, run.seed};
      if (!finished_.insert(name).second) continue;
      going_.erase(name);
      const std::string done = formatted("[%zu/%zu]", finished_.size(), runs_total_);
      console_.say(
          formatted("%s %s, seed %llu: %s at epoch %d, test accuracy %.4f best, %.4f last, ",
                    done.c_str(), name.first.c_str(), static_cast<unsigned long long>(run.seed),
                    name_of(run.outcome), run.stopped_epoch, run.best.test.accuracy,
                    run.last.test.accuracy) +
          duration_text(run.seconds));
    }
  }
}

}  // namespace deltarule::app
