// `deltarule evaluate`: how good is a saved model.
#include "deltarule/evaluation/evaluate.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/flags.h"
#include "app/parts.h"
#include "app/text.h"
#include "deltarule/evaluation/metrics.h"
#include "deltarule/statistics/intervals.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAbout =
    "Say how good a saved model is: accuracy, loss, confusion, and each class.\n\n"
    "Examples:\n"
    "  deltarule evaluate model.safetensors\n"
    "  deltarule evaluate model.safetensors --data fashion-mnist\n"
    "  deltarule evaluate model.safetensors --part validation --json\n";

struct EvaluateFlags {
  std::string model;
  DataFlags data;
  ThreadsFlag threads;
  std::string part;
  bool json = false, quiet = false;
};

struct Evaluation {
  Part part;
  Score score;
  Interval accuracy_95;  ///< from the number of examples alone
  std::vector<std::vector<std::size_t>> confusion;
  std::vector<ClassScore> classes;
};

Evaluation judge(const Model& model, const Dataset& data, Part part, int threads) {
  ThreadTeam team(threads);
  EvaluationWorkspace workspace(model.network.spec, team.size());
  Evaluation result;
  result.score = evaluate(model.network, data, model.normalizer, part.rows, workspace, team);
  const Matrix<float> probabilities =
      predict(model.network, data, model.normalizer, part.rows, team);
  std::vector<std::uint16_t> labels;
  for (const std::uint32_t row : part.rows) labels.push_back(data.labels[row]);
  result.confusion = confusion_matrix(probabilities.view(), labels, model.classes.size());
  result.classes = class_scores(result.confusion);
  result.accuracy_95 = accuracy_95(result.score.accuracy, part.rows.size());
  result.part = std::move(part);
  return result;
}

std::string evaluation_text(const Evaluation& evaluation, const Model& model, const Dataset& data) {
  Table table("ll");
  const std::size_t count = evaluation.part.rows.size();
  table.add({"data", data.name + ", part " + evaluation.part.name + ": " +
                         counted(count, "example", "examples")});
  table.add({"accuracy", formatted("%.4f (95 %%, from the size of the part: %.4f to %.4f)",
                                   evaluation.score.accuracy, evaluation.accuracy_95.low,
                                   evaluation.accuracy_95.high)});
  table.add({"loss", formatted("%.4f", evaluation.score.loss)});

  Table classes("lrrrr");
  classes.add({"class", "examples", "precision", "recall", "F1"});
  for (std::size_t c = 0; c < model.classes.size(); ++c) {
    const ClassScore& score = evaluation.classes[c];
    classes.add({model.classes[c], with_commas(score.examples), formatted("%.4f", score.precision),
                 formatted("%.4f", score.recall), formatted("%.4f", score.f1)});
  }
  std::string text = table.text() + "\n" + classes.text();

  constexpr std::size_t kMostClasses = 26;
  if (model.classes.size() > kMostClasses) return text;
  Table confusion("l" + std::string(model.classes.size(), 'r'));
  std::vector<std::string> head = {"true \\ predicted"};
  head.insert(head.end(), model.classes.begin(), model.classes.end());
  confusion.add(head);
  for (std::size_t truth = 0; truth < model.classes.size(); ++truth) {
    std::vector<std::string> row = {model.classes[truth]};
    for (const std::size_t n : evaluation.confusion[truth]) row.push_back(with_commas(n));
    confusion.add(row);
  }
  return text + "\n" + confusion.text();
}

Json evaluation_json(const Evaluation& evaluation, const Model& model, const Dataset& data) {
  Json classes = Json::array();
  for (std::size_t c = 0; c < model.classes.size(); ++c) {
    const ClassScore& score = evaluation.classes[c];
    classes.push_back({{"class", model.classes[c]},
                       {"examples", score.examples},
                       {"precision", score.precision},
                       {"recall", score.recall},
                       {"f1", score.f1}});
  }
  const double accuracy = evaluation.score.accuracy;
  return {{"data", data.name},
          {"part", evaluation.part.name},
          {"note", evaluation.part.note},
          {"examples", evaluation.part.rows.size()},
          {"network", to_text(model.network.spec)},
          {"accuracy", accuracy},
          {"accuracy_95", {evaluation.accuracy_95.low, evaluation.accuracy_95.high}},
          {"loss", evaluation.score.loss},
          {"classes", classes},
          {"confusion", evaluation.confusion}};
}

int run_evaluate(const EvaluateFlags& flags) {
  Console console(flags.quiet);
  const Model model = load_model(flags.model);
  const Dataset data = flags.data.open(console).data;
  require_same_shape(model, data);
  const Evaluation evaluation =
      judge(model, data, choose_part(model, data, flags.part), flags.threads.count());
  if (!evaluation.part.note.empty()) console.say(evaluation.part.note);
  if (flags.json) {
    write_json(evaluation_json(evaluation, model, data));
  } else {
    write_results(evaluation_text(evaluation, model, data));
  }
  return kDone;
}

}  // namespace

void add_evaluate(Program& program) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* app = program.app.add_subcommand("evaluate", kAbout);
  app->add_option("MODEL", flags->model, "a model that `train` or `study` saved")
      ->required()
      ->type_name("");
  flags->data.add_to(*app);
  app->add_option("--part", flags->part,
                  "test, validation, train or all [the official test part if the set has one, "
                  "else the test part of the model's own training, else all]")
      ->type_name("PART");
  flags->threads.add_to(*app);
  app->add_flag("--json", flags->json, "write the results as JSON");
  app->add_flag("--quiet", flags->quiet, "no messages, no progress");
  program.commands.push_back({app, [flags] { return run_evaluate(*flags); }});
}

}  // namespace deltarule::app
