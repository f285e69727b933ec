#include <algorithm>

#include "deltarule/report/number_text.h"
#include "deltarule/report/sections.h"
#include "deltarule/study/runner.h"

namespace deltarule {
namespace {

Html banner(const std::string& kind, const std::string& words) {
  return tag("p", {{"class", "banner " + kind}, {"role", "note"}}, text(words));
}

Html banners(const StudyResult& result) {
  Html banners;
  if (!result.notice.empty()) banners += banner("notice", result.notice);
  if (result.quick) {
    banners += banner("quick", "Quick: one seed and at most " + count_of(kQuickEpochs, "epoch") +
                                   " a run. It shows that everything works; its numbers are not "
                                   "those of the study.");
  }
  if (result.interrupted) {
    banners +=
        banner("interrupted",
               "Interrupted: runs that had not ended are left out, and what follows rests on "
               "the others.");
  }
  return banners;
}

std::size_t seeds_of(const StudyResult& result) {
  std::size_t most = 0;
  for (const ExperimentResult& experiment : result.experiments) {
    most = std::max(most, experiment.runs.size());
  }
  return most;
}

}  // namespace

Html header_section(const StudyResult& result, const Dataset& data) {
  std::size_t runs = 0;
  for (const ExperimentResult& experiment : result.experiments) runs += experiment.runs.size();
  Html facts;
  const auto fact = [&](const std::string& name, const std::string& value) {
    facts += tag("div", tag("dt", text(name)) + tag("dd", text(value)));
  };
  fact("Data", result.data_name + ", " + count_of(data.count(), "example"));
  fact("Experiments",
       std::to_string(result.experiments.size()) + " × " + count_of(seeds_of(result), "seed"));
  fact("Runs", count_text(runs) + " in " + duration_text(result.seconds));
  if (!result.environment.date.empty()) fact("Date", result.environment.date);
  const Html downloads =
      text("The same numbers: ") +
      tag("a", {{"href", "study.json"}, {"download", ""}}, text("study.json")) + text(", ") +
      tag("a", {{"href", "experiments.csv"}, {"download", ""}}, text("experiments.csv")) +
      text(", ") + tag("a", {{"href", "runs.csv"}, {"download", ""}}, text("runs.csv")) +
      text(", in the folder of this page.");
  return tag(
      "header",
      styled("p", "kicker", text("A study by deltarule")) +
          tag("h1", text(result.study.title.empty() ? result.study.name : result.study.title)) +
          styled("div", "deck", paragraphs(result.study.about)) + styled("dl", "headline", facts) +
          styled("p", "downloads", downloads) + banners(result));
}

}  // namespace deltarule
