// Numbers as the page writes them: accuracies as .9780 ± .0005, never a digit more than is known.
#pragma once

#include <string>
#include <vector>

#include "deltarule/statistics/intervals.h"
#include "deltarule/study/study.h"

namespace deltarule {

/// `places` decimals; of two or more, the zero before the point is dropped; minus is a real minus:
/// ".9780", "−.03", "0.5".
std::string decimal_text(double x, int places);
/// With its sign, also for positive numbers.
std::string signed_text(double x, int places);
/// "1.2 × 10⁻⁶"; numbers from .001 to 10,000 in plain decimals of `digits` significant digits.
std::string scientific_text(double x, int digits = 2);
/// "p = .31", "p < .001", never broken between lines.
std::string p_text(double p);
/// "48,000".
std::string count_text(std::size_t n);
/// "8.2 s", "3 min 20 s", "1 h 5 min".
std::string duration_text(double seconds);
/// "1 seed", "5 seeds"; `nouns` where an s does not make the plural.
std::string count_of(std::size_t n, const std::string& noun, const std::string& nouns = "");

/// Decimals that a metric is given with: 4 for accuracies and losses, 1 for epochs.
int places_of(const std::string& metric);
/// "accuracy on the test part, best weights".
std::string describe_metric(const std::string& metric);
/// What a greater number of this metric means.
bool greater_is_better(const std::string& metric);

/// Over the finished runs; n = 0 if there are none.
Summary summary_of(const ExperimentResult& result, const std::string& metric);

/// Half the width of the 95 % interval of the mean.
double half_width(const Summary& summary);
/// ".9780 ± .0005", the mean alone for one run, "—" for none.
std::string mean_text(const Summary& summary, int places);
/// ".9767 to .9791", "—" where it is not finite.
std::string interval_text(const Interval& interval, int places);

/// The experiment of that name, nullptr if it was not run.
const ExperimentResult* find_experiment(const StudyResult& result, const std::string& name);

/// `words` with each {experiment.metric} replaced by its mean ± interval, the number of seeds and
/// which weights; "not measured" where the experiment was not run. Other braces stay as they are.
std::string fill_measurements(const std::string& words, const StudyResult& result);

}  // namespace deltarule
