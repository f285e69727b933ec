// `deltarule predict`: what a saved model says of new examples.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "app/commands.h"
#include "app/flags.h"
#include "app/predict_input.h"
#include "app/text.h"
#include "deltarule/evaluation/evaluate.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAbout =
    "Say what a saved model makes of pictures (PNG) or rows of numbers (CSV, IDX).\n"
    "A picture is turned, cropped, scaled and centered as MNIST was made, unless --as-is.\n\n"
    "Examples:\n"
    "  deltarule predict model.safetensors 7.png photo.png\n"
    "  deltarule predict model.safetensors rows.csv --top 1\n"
    "  cat 7.png | deltarule predict model.safetensors - --json\n";

struct PredictFlags {
  std::string model;
  std::vector<std::string> files;
  DataFlags data;
  std::int64_t top = 3;
  bool as_is = false, json = false, quiet = false;
};

/// Classes, the most probable first; the lower index among equals.
std::vector<std::size_t> ranked(std::span<const float> probabilities) {
  std::vector<std::size_t> classes(probabilities.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  return classes;
}

class Predictions {
 public:
  Predictions(const Model& model, std::size_t top) : model_(model), top_(top) {}

  void add(const std::string& source, const PredictInput& input) {
    ThreadTeam team;
    std::vector<std::uint32_t> rows(input.data.count());
    std::iota(rows.begin(), rows.end(), 0u);
    const Matrix<float> outputs =
        predict(model_.network, input.data, model_.normalizer, rows, team);
    for (const std::uint32_t row : rows) {
      const std::string name = rows.size() == 1 ? source : source + "#" + std::to_string(row);
      const std::string truth =
          input.labelled ? model_.classes[input.data.labels[row]] : std::string();
      add_row(name, source, row, outputs.row(row), truth);
    }
  }

  std::string text() const { return table_.text(); }
  const Json& json() const { return json_; }

 private:
  void add_row(const std::string& name, const std::string& source, std::uint32_t row,
               std::span<const float> probabilities, const std::string& truth) {
    const std::vector<std::size_t> order = ranked(probabilities);
    std::vector<std::string> others;
    Json all = Json::object();
    for (std::size_t i = 0; i < std::min(top_, order.size()); ++i) {
      const std::string& label = model_.classes[order[i]];
      if (i > 0) others.push_back(label + formatted(" %.4f", probabilities[order[i]]));
      all[label] = probabilities[order[i]];
    }
    std::string remark = others.empty() ? "" : "then " + joined(others, ", ");
    if (!truth.empty()) remark += (remark.empty() ? "true " : "; true ") + truth;
    table_.add(
        {name, model_.classes[order[0]], formatted("%.4f", probabilities[order[0]]), remark});
    Json entry = {{"input", source},
                  {"index", row},
                  {"class", model_.classes[order[0]]},
                  {"probability", probabilities[order[0]]},
                  {"probabilities", all}};
    if (!truth.empty()) entry["truth"] = truth;
    json_.push_back(entry);
  }

  const Model& model_;
  std::size_t top_;
  Table table_{"llrl"};
  Json json_ = Json::array();
};

int run_predict(const PredictFlags& flags) {
  Console console(flags.quiet);
  const Model model = load_model(flags.model);
  Predictions predictions(
      model, flags.top == 0 ? model.classes.size() : static_cast<std::size_t>(flags.top));
  for (const std::string& file : flags.files) {
    predictions.add(file, read_predict_input(model, file, flags.as_is, flags.data, console));
  }
  if (flags.json) {
    write_json(predictions.json());
  } else {
    write_results(predictions.text());
  }
  return kDone;
}

}  // namespace

void add_predict(Program& program) {
  auto flags = std::make_shared<PredictFlags>();
  CLI::App* app = program.app.add_subcommand("predict", kAbout);
  app->add_option("MODEL", flags->model, "a model that `train` or `study` saved")
      ->required()
      ->type_name("");
  app->add_option("FILES", flags->files, "pictures or tables; - reads standard input")
      ->required()
      ->type_name("");
  add_integer_flag(*app, "--top", flags->top, 0, 65535,
                   "how many classes to name, the most probable first; 0 = all");
  app->add_flag("--as-is", flags->as_is,
                "take pictures as they are; they must have the model's size");
  flags->data.add_label_to(*app);
  app->add_flag("--json", flags->json, "write the results as JSON");
  app->add_flag("--quiet", flags->quiet, "no messages");
  program.commands.push_back({app, [flags] { return run_predict(*flags); }});
}

}  // namespace deltarule::app
