#include "deltarule/report/agreement.h"

#include <algorithm>
#include <cmath>

#include "deltarule/report/number_text.h"

namespace deltarule {
namespace {

Verdict judge(const Summary& summary, double published) {
  if (summary.n < 2) return Verdict::kTooFewSeeds;
  if (!summary.next_95.contains(published)) return Verdict::kNotReproduced;
  const double half = (summary.next_95.high - summary.next_95.low) / 2;
  return half <= kWidestHalf ? Verdict::kReproduced : Verdict::kTooUncertain;
}

/// The better of the two for the published number: reproduced, else too uncertain, else not.
Verdict judge(const Summary& last, const Summary& best, double published) {
  const Verdict of_last = judge(last, published), of_best = judge(best, published);
  for (const Verdict verdict : {Verdict::kReproduced, Verdict::kTooUncertain}) {
    if (of_last == verdict || of_best == verdict) return verdict;
  }
  return of_last;
}

Verdict judge(const PairedComparison& comparison, const std::string& metric) {
  const Summary& difference = comparison.difference;
  if (difference.n < 2) return Verdict::kTooFewSeeds;
  if (!std::isfinite(difference.mean)) return Verdict::kTooUncertain;
  if (difference.mean_95.contains(0)) return Verdict::kNotDistinguishable;
  if (metric.ends_with("epoch")) return Verdict::kDifferent;
  const bool greater = difference.mean > 0;
  return greater == greater_is_better(metric) ? Verdict::kBetter : Verdict::kWorse;
}

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kReproduced:
      return "reproduced";
    case Verdict::kNotReproduced:
      return "not reproduced";
    case Verdict::kBetter:
      return "better";
    case Verdict::kWorse:
      return "worse";
    case Verdict::kDifferent:
      return "different";
    case Verdict::kNotDistinguishable:
      return "not distinguishable";
    case Verdict::kTooUncertain:
      return "too uncertain";
    case Verdict::kTooFewSeeds:
      return "too few seeds";
    case Verdict::kNotMeasured:
      break;
  }
  return "not measured";
}

std::vector<Agreement> judge_agreement(const StudyResult& result) {
  std::vector<Agreement> agreements;
  for (const ExperimentResult& experiment : result.experiments) {
    if (!experiment.experiment.paper || experiment.runs.empty()) continue;
    Agreement agreement;
    agreement.experiment = &experiment;
    agreement.last = summary_of(experiment, "last.test_accuracy");
    agreement.best = summary_of(experiment, "best.test_accuracy");
    agreement.stopped = summary_of(experiment, "stopped_epoch");
    agreement.verdict =
        judge(agreement.last, agreement.best, experiment.experiment.paper->test_accuracy);
    const auto last_of_table =
        std::find_if(agreements.rbegin(), agreements.rend(), [&](const Agreement& other) {
          return other.experiment->experiment.paper->table == experiment.experiment.paper->table;
        });
    const auto place = last_of_table == agreements.rend() ? agreements.end() : last_of_table.base();
    agreements.insert(place, agreement);
  }
  return agreements;
}

std::vector<Answer> answer_questions(const StudyResult& result) {
  std::vector<Answer> answers;
  for (const Question& question : result.study.questions) {
    Answer answer;
    answer.question = &question;
    answer.comparison = compare(result, question);
    if (answer.comparison) answer.verdict = judge(*answer.comparison, question.metric);
    answers.push_back(answer);
  }
  return answers;
}

}  // namespace deltarule
