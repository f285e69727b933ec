#include <algorithm>
#include <cmath>
#include <set>

#include "deltarule/data/image.h"
#include "deltarule/evaluation/evaluate.h"
#include "deltarule/evaluation/metrics.h"
#include "deltarule/report/number_text.h"
#include "deltarule/report/picture.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

constexpr std::size_t kMistakes = 24;
constexpr std::size_t kMostClasses = 40;  // a larger confusion matrix is no longer read by anyone

std::string kept(const ExperimentResult& result) {
  return result.experiment.options.keep == Keep::kBest ? "best" : "last";
}

/// Validation chooses, never the test part.
const ExperimentResult* choose_best(const StudyResult& result) {
  const ExperimentResult* best = nullptr;
  double best_accuracy = -1;
  for (const ExperimentResult& experiment : result.experiments) {
    if (!experiment.first_model || experiment.runs.empty()) continue;
    const double accuracy = summary_of(experiment, kept(experiment) + ".validation_accuracy").mean;
    if (accuracy > best_accuracy) {
      best = &experiment;
      best_accuracy = accuracy;
    }
  }
  return best;
}

std::vector<std::uint32_t> test_rows(const ExperimentResult& result, const Dataset& data) {
  const RunOptions& options = result.experiment.options;
  const SplitOptions how = {options.split, options.validation_fraction, options.test_fraction};
  return split(data, how, result.runs.front().seed).test;
}

Html confusion_cell(std::size_t count, std::size_t most_wrong, std::size_t row_total, bool right) {
  const double share =
      right
          ? static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, row_total))
          : static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, most_wrong));
  return tag("td",
             {{"class", right ? "right" : "wrong"},
              {"style", "--v:" + std::to_string(static_cast<int>(std::lround(100 * share)))}},
             count == 0 ? styled("span", "nothing", text("0")) : text(count_text(count)));
}

Html confusion_table(const std::vector<std::vector<std::size_t>>& confusion,
                     const std::vector<std::string>& classes) {
  const std::vector<ClassScore> scores = class_scores(confusion);
  std::size_t most_wrong = 0;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    for (std::size_t j = 0; j < confusion.size(); ++j) {
      if (i != j) most_wrong = std::max(most_wrong, confusion[i][j]);
    }
  }
  Html head = tag("th", {{"scope", "col"}}, text("truth ↓ predicted →"));
  for (const std::string& name : classes)
    head += tag("th", {{"scope", "col"}, {"class", "number"}}, text(name));
  for (const char* name : {"examples", "recall", "precision"}) {
    head += tag("th", {{"scope", "col"}, {"class", "number score"}}, text(name));
  }
  Html body;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    Html row = tag("th", {{"scope", "row"}}, text(classes[i]));
    for (std::size_t j = 0; j < confusion.size(); ++j) {
      row += confusion_cell(confusion[i][j], most_wrong, scores[i].examples, i == j);
    }
    row += styled("td", "number score", text(count_text(scores[i].examples)));
    row += styled("td", "number score", text(decimal_text(scores[i].recall, 4)));
    row += styled("td", "number score", text(decimal_text(scores[i].precision, 4)));
    body += tag("tr", row);
  }
  const Html grid = tag("table", {{"class", "confusion"}, {"aria-label", "Confusion matrix"}},
                        tag("thead", tag("tr", head)) + tag("tbody", body));
  const Html bar =
      styled("span", "caption", text("Confusion matrix of the test part")) +
      tag("button", {{"type", "button"}, {"data-csv", "confusion"}, {"hidden", ""}}, text("CSV"));
  return styled("div", "table",
                styled("div", "bar", bar) + tag("div",
                                                {{"class", "scroll"},
                                                 {"tabindex", "0"},
                                                 {"role", "region"},
                                                 {"aria-label", "Confusion matrix"}},
                                                grid));
}

Html mistake_pictures(const std::vector<Mistake>& mistakes, const Dataset& data,
                      const std::vector<std::uint32_t>& rows) {
  Html pictures;
  for (std::size_t i = 0; i < std::min(kMistakes, mistakes.size()); ++i) {
    const Mistake& mistake = mistakes[i];
    const std::string said = data.classes[mistake.truth] + " → " + data.classes[mistake.predicted];
    pictures += tag("figure", {{"class", "sample small"}},
                    example_picture(data, rows[mistake.row], "An image of " + said) +
                        tag("figcaption", tag("b", text(said)) +
                                              text(" " + decimal_text(mistake.probability, 3))));
  }
  return pictures;
}

/// One model for each published table, that of the first experiment about it, and the best one.
std::vector<const ExperimentResult*> choose_pictured(const StudyResult& result,
                                                     const ExperimentResult* best) {
  std::vector<const ExperimentResult*> chosen = {best};
  std::set<std::string> tables;
  for (const ExperimentResult& experiment : result.experiments) {
    const auto& paper = experiment.experiment.paper;
    if (!paper || !experiment.first_model || !tables.insert(paper->table).second) continue;
    if (&experiment != best) chosen.push_back(&experiment);
  }
  return chosen;
}

Html weight_pictures(const std::vector<const ExperimentResult*>& chosen, ImageShape shape) {
  Html pictures;
  for (const ExperimentResult* result : chosen) {
    const Network<float>& network = result->first_model->network;
    const Layer<float>& first = network.layers.front();
    if (shape.pixels() == 0 || first.weights.rows() != shape.pixels()) continue;
    const WeightsPicture picture = weights_picture(first, shape);
    const std::string& title = result->experiment.title;
    pictures += tag("figure", {{"class", picture.units <= 10 ? "weights few" : "weights"}},
                    embedded_png(encode_png(picture.shape, picture.levels), "diverging",
                                 "First-layer weights of " + title) +
                        tag("figcaption",
                            tag("b", text(title)) + text(". " + to_text(network.spec) + ", " +
                                                         count_text(picture.units) + " of " +
                                                         count_text(first.weights.columns()) +
                                                         " units; the strongest colors are ±" +
                                                         scientific_text(picture.limit, 2) + ".")));
  }
  if (pictures.markup.empty()) return {};
  return tag("h3", text("First-layer weights")) +
         tag("p", text("What each unit looks for: orange pixels raise it, blue ones lower it, and "
                       "zero is the page’s own tone. Speckle where no digit ever has ink is the "
                       "start, which training had no reason to change.")) +
         styled("div", "weights-grid", pictures);
}

}  // namespace

Html best_model_section(const StudyResult& result, const Dataset& data) {
  const ExperimentResult* best = choose_best(result);
  if (best == nullptr) return {};
  const Model& model = *best->first_model;
  const std::vector<std::uint32_t> rows = test_rows(*best, data);
  ThreadTeam team(std::max(1, result.environment.threads));
  const Matrix<float> probabilities = predict(model.network, data, model.normalizer, rows, team);
  std::vector<std::uint16_t> labels;
  for (const std::uint32_t row : rows) labels.push_back(data.labels[row]);
  const std::vector<Mistake> mistakes = mistakes_by_loss(probabilities.view(), labels);
  const std::string weights = kept(*best);
  const double accuracy = 1 - static_cast<double>(mistakes.size()) /
                                  static_cast<double>(std::max<std::size_t>(1, rows.size()));
  Html inner = tag(
      "p", text("Of all experiments, ") + tag("b", text(best->experiment.title)) +
               text(" has the greatest validation accuracy, " +
                    mean_text(summary_of(*best, weights + ".validation_accuracy"), 4) + " over " +
                    count_of(best->runs.size(), "seed") +
                    "; the test part has no say in the choice. Its model of seed " +
                    std::to_string(best->runs.front().seed) + ", " + weights + " weights, names " +
                    count_text(rows.size() - mistakes.size()) + " of " + count_text(rows.size()) +
                    " test images correctly: " + decimal_text(accuracy, 4) + "."));
  if (data.classes.size() <= kMostClasses) {
    inner += confusion_table(confusion_matrix(probabilities.view(), labels, data.classes.size()),
                             data.classes);
  }
  if (data.image.pixels() > 0 && !mistakes.empty()) {
    inner += tag("h3", text("The worst mistakes")) +
             tag("p", text("Those of the greatest loss: truth → prediction, and the probability "
                           "that the network gave its wrong answer.")) +
             styled("div", "mistakes", mistake_pictures(mistakes, data, rows));
  }
  inner += weight_pictures(choose_pictured(result, best), data.image);
  return section("best-model", "The best model, looked into", inner);
}

}  // namespace deltarule
