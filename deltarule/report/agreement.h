// Does our number agree with the published one? And does one experiment do better than another?
// The judgement, apart from how it is shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deltarule/report/figure.h"
#include "deltarule/study/study.h"

namespace deltarule {

enum class Verdict {
  kReproduced,
  kNotReproduced,
  kBetter,
  kWorse,
  kDifferent,  ///< of an epoch, where neither direction is better
  kNotDistinguishable,
  kTooUncertain,  ///< the interval is so wide that it holds numbers that are plainly different
  kTooFewSeeds,
  kNotMeasured,
};
/// "reproduced", "not distinguishable", …
const char* name_of(Verdict verdict);

/// Half of the widest interval that still says something, in accuracy: one point.
inline constexpr double kWidestHalf = .01;

/// The published accuracy against where one more seed of ours would fall, in 95 of 100 cases.
struct Agreement {
  const ExperimentResult* experiment = nullptr;
  Summary last, best, stopped;
  Verdict verdict = Verdict::kTooFewSeeds;  ///< reproduced if last or best says so
};
/// For each experiment with published numbers and at least one finished run; those about one table
/// stand together, in the order of the study.
std::vector<Agreement> judge_agreement(const StudyResult& result);

/// Of first against second, over the seeds that both have.
struct Answer {
  const Question* question = nullptr;
  std::optional<PairedComparison> comparison;  ///< nothing where it was not measured
  Verdict verdict = Verdict::kNotMeasured;
};
std::vector<Answer> answer_questions(const StudyResult& result);

/// Ours minus the report's, on one scale: seeds, and where one more would fall.
Figure agreement_figure(const std::vector<Agreement>& agreements);

/// Differences of accuracy with their intervals; no panels if there are none.
Figure question_figure(const std::vector<Answer>& answers);

}  // namespace deltarule
