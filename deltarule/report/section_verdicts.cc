#include <algorithm>
#include <cmath>

#include "deltarule/report/agreement.h"
#include "deltarule/report/number_text.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

Html chip(Verdict verdict) {
  std::string style = name_of(verdict);
  std::replace(style.begin(), style.end(), ' ', '-');
  return tag("span", {{"class", "chip " + style}}, text(name_of(verdict)));
}

std::string epochs_text(const ExperimentResult& experiment, const Summary& stopped) {
  const auto [low, high] = std::minmax_element(
      experiment.runs.begin(), experiment.runs.end(),
      [](const RunRecord& a, const RunRecord& b) { return a.stopped_epoch < b.stopped_epoch; });
  std::string range = std::to_string(low->stopped_epoch);
  if (high->stopped_epoch != low->stopped_epoch) {
    range += "–" + std::to_string(high->stopped_epoch);
    return decimal_text(stopped.mean, 1) + " (" + range + ")";
  }
  return range;
}

/// Where one more seed would fall, for the weights whose mean comes nearer to the published number.
std::string next_text(const Agreement& agreement) {
  const double published = agreement.experiment->experiment.paper->test_accuracy;
  const bool best_nearer =
      std::abs(agreement.best.mean - published) < std::abs(agreement.last.mean - published);
  const Summary& nearer = best_nearer ? agreement.best : agreement.last;
  if (nearer.n < 2) return "one seed: no interval";
  return interval_text(nearer.next_95, 4) + (best_nearer ? " (best)" : " (last)");
}

Html agreement_table(const std::vector<Agreement>& agreements) {
  Table table;
  table.name = "verdicts";
  table.caption = "The report’s test accuracies and stops, and ours";
  table.columns = {{"Experiment"},
                   {"Verdict"},
                   {"Report", true},
                   {"Last weights", true},
                   {"Best weights", true},
                   {"One more seed, 95%", true},
                   {"Stop: report / ours", true}};
  for (const Agreement& agreement : agreements) {
    const Experiment& experiment = agreement.experiment->experiment;
    table.rows.push_back(
        {styled("span", "table-name", text(experiment.paper->table)) + experiment_cell(experiment),
         chip(agreement.verdict), text(decimal_text(experiment.paper->test_accuracy, 4)),
         text(mean_text(agreement.last, 4)), text(mean_text(agreement.best, 4)),
         text(next_text(agreement)),
         text(std::to_string(experiment.paper->stopped_epoch) + " / " +
              epochs_text(*agreement.experiment, agreement.stopped))});
  }
  return render(table);
}

/// How many published tables come out as first described, and how many only in another way.
std::string agreement_lead(const std::vector<Agreement>& agreements) {
  std::size_t tables = 0, at_once = 0, otherwise = 0, known = 0;
  for (std::size_t i = 0; i < agreements.size();) {
    const auto table_of = [&](std::size_t k) {
      return agreements[k].experiment->experiment.paper->table;
    };
    std::size_t end = i;
    bool other = false;
    while (end < agreements.size() && table_of(end) == table_of(i)) {
      known += agreements[end].verdict != Verdict::kTooFewSeeds;
      other = other || agreements[end].verdict == Verdict::kReproduced;
      ++end;
    }
    ++tables;
    if (agreements[i].verdict == Verdict::kReproduced) {
      ++at_once;
    } else if (other) {
      ++otherwise;
    }
    i = end;
  }
  if (known == 0) {
    return "One seed gives no interval, so nothing here says whether a number was reproduced.";
  }
  std::string lead = "Of " + count_of(tables, "published accuracy", "published accuracies") + ", " +
                     std::to_string(at_once) + (at_once == 1 ? " is" : " are") +
                     " reproduced with the settings that are given";
  if (otherwise > 0) lead += ", " + std::to_string(otherwise) + " only with other settings";
  const std::size_t none = tables - at_once - otherwise;
  if (none > 0) lead += ", " + std::to_string(none) + " with none that was tried";
  return lead +
         ". Reproduced means that the number lies where one more seed of ours would fall in 95 "
         "of 100 cases, for the last or the best weights, a range of at most one point to either "
         "side.";
}

Html agreement_part(const StudyResult& result) {
  const std::vector<Agreement> agreements = judge_agreement(result);
  if (agreements.empty()) return {};
  return tag("h3", text("Do its numbers come out again?")) +
         styled("p", "lead", text(agreement_lead(agreements))) +
         render(agreement_figure(agreements)) + agreement_table(agreements) +
         styled("p", "note",
                text("Where several experiments are about one table, they are several readings of "
                     "it; the first has the settings that are given. Accuracies are of the test "
                     "part, mean ± 95 % interval of the mean over seeds. “One more seed” is "
                     "given for the weights that come nearer to the report’s number."));
}

double mean_of(const StudyResult& result, const std::string& name, const std::string& metric) {
  return summary_of(*find_experiment(result, name), metric).mean;
}

std::string answer_sentence(const StudyResult& result, const Answer& answer) {
  if (!answer.comparison) return "Not measured: one of the two was not run.";
  const Question& question = *answer.question;
  const Summary& difference = answer.comparison->difference;
  const int places = places_of(question.metric);
  const auto mean = [&](const std::string& name) {
    return name + " " + decimal_text(mean_of(result, name, question.metric), places);
  };
  const std::string sentence = mean(question.first) + ", " + mean(question.second) +
                               "; difference " + signed_text(difference.mean, places);
  if (difference.n == 1) return sentence + " (one seed: no interval).";
  return sentence + " ± " + decimal_text(half_width(difference), places) + " (" +
         p_text(answer.comparison->p_value) + ", n = " + std::to_string(difference.n) + ").";
}

/// What chance alone does to a test set of this size, beside a difference of accuracies.
std::string chance_sentence(const StudyResult& result, const Answer& answer) {
  const std::string& metric = answer.question->metric;
  const std::size_t test_count = result.split.test.size();
  if (!answer.comparison || test_count == 0 || !metric.ends_with("test_accuracy")) return {};
  const double p = std::clamp(mean_of(result, answer.question->first, metric), 0.0, 1.0);
  return " A test set of " + count_text(test_count) + " moves such an accuracy by " +
         decimal_text(binomial_standard_error(p, test_count), 4) +
         " by chance (one binomial standard error).";
}

Html question_item(const StudyResult& result, const Answer& answer) {
  const Question& question = *answer.question;
  Html verdict = chip(answer.verdict);
  if (answer.verdict == Verdict::kBetter || answer.verdict == Verdict::kWorse ||
      answer.verdict == Verdict::kDifferent) {
    verdict = styled("span", "subject", text(question.first + " is ")) + verdict;
  }
  Html body = tag("h4", text(question.ask)) + styled("p", "finding", verdict) +
              tag("p", text(answer_sentence(result, answer)) +
                           styled("span", "muted",
                                  text(chance_sentence(result, answer) +
                                       " Measured: " + describe_metric(question.metric) + ".")));
  if (!question.remark.empty()) {
    body += styled("p", "remark", text(question.remark));
  }
  return tag("li", body);
}

Html question_part(const StudyResult& result) {
  const std::vector<Answer> answers = answer_questions(result);
  if (answers.empty()) return {};
  Html items;
  for (const Answer& answer : answers) items += question_item(result, answer);
  const Figure figure = question_figure(answers);
  return tag("h3", text("Is one better than another?")) + styled("ul", "questions", items) +
         (figure.panels.empty() ? Html{} : render(figure)) +
         styled("p", "note",
                text("Paired over common seeds; “not distinguishable” means that the 95 % interval "
                     "of the mean difference holds zero. Each p is that of one comparison alone: "
                     "of " +
                     count_of(answers.size(), "comparison") + ", " +
                     decimal_text(.05 * static_cast<double>(answers.size()), 1) +
                     " would look different by chance if none were. Seeds change the start, the "
                     "order and, where it is drawn, the split; the test images stay the same."));
}

}  // namespace

Html verdict_section(const StudyResult& result) {
  const Html parts = agreement_part(result) + question_part(result);
  return parts.markup.empty() ? Html{} : section("verdicts", "Verdicts", parts);
}

}  // namespace deltarule
