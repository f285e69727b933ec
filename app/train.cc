// `deltarule train`: one run, from data to a model file.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/flags.h"
#include "app/interrupt.h"
#include "app/run_text.h"
#include "app/text.h"
#include "deltarule/network/model_file.h"
#include "deltarule/training/run.h"

namespace deltarule::app {
namespace {

constexpr const char* kAbout =
    "Train a network and save it.\n\n"
    "Examples:\n"
    "  deltarule train                                       MNIST, one hidden layer\n"
    "  deltarule train --hidden 128:relu,64:relu --epochs 20 two hidden layers\n"
    "  deltarule train --hidden none                         softmax regression\n"
    "  deltarule train --data flowers.csv --label species --normalize per-feature\n"
    "  deltarule train --config mine.toml --seed 2 -o mine.safetensors\n";

struct TrainFlags {
  RunFlags run;
  DataFlags data;
  ThreadsFlag threads;
  std::string validation;
  std::int64_t seed = 1;
  std::string out = "model.safetensors";
  bool json = false, quiet = false;
};

Dataset open_with_validation(const TrainFlags& flags, Console& console) {
  Dataset data = flags.data.open(console).data;
  if (flags.validation.empty()) return data;
  return with_validation(std::move(data), flags.data.open(flags.validation, console));
}

/// The parts are the same as those the run will use: a split depends on its arguments alone.
Split announce(const Dataset& data, const RunOptions& options, std::uint64_t seed,
               std::size_t& duplicates, Console& console) {
  const Split parts =
      split(data, {options.split, options.validation_fraction, options.test_fraction}, seed);
  duplicates = count_duplicates(data, parts.train, parts.test);
  console.say("configuration\n" + configuration_text(options));
  if (data.image == ImageShape{} && options.normalize == Normalization::kPerImage) {
    console.say(
        "note: these rows are no pictures, and normalize = per-image divides each row by its own "
        "deviation; --normalize per-feature is usually right");
  }
  console.say("data " + data.name + ": " + data.description + "\n" + split_text(data, parts));
  console.say(counted(duplicates, "test example is", "test examples are") +
              " also among the training examples");
  return parts;
}

int run_train(const TrainFlags& flags) {
  const RunOptions options = flags.run.resolve();
  require_writable_model(flags.out, "--out");
  catch_interrupts();
  Console console(flags.quiet);
  const Dataset data = open_with_validation(flags, console);
  const auto seed = static_cast<std::uint64_t>(flags.seed);
  const NetworkSpec spec =
      make_spec(data.features, options.hidden, data.classes.size(), flag_of("hidden"));

  std::size_t duplicates = 0;
  const Split parts = announce(data, options, seed, duplicates, console);
  console.say("network " + to_text(spec) + ": " +
              counted(spec.parameter_count(), "parameter", "parameters"));

  EpochProgress progress(console, options, !parts.validation.empty());
  ThreadTeam team(flags.threads.count());
  const Observer observer{[&](const EpochRecord& epoch) { progress.show(epoch); }, interrupted};
  const Run run = perform_run(data, options, seed, observer, team);
  console.clear();

  if (run.training.history.empty()) {
    console.say(std::string("nothing is saved: the run ") +
                (run.training.outcome == Outcome::kDiverged ? "diverged" : "was interrupted") +
                " before its first epoch was over");
    return run.training.outcome == Outcome::kDiverged ? kFailed : kInterrupted;
  }
  const Model model = make_model(run, data);
  save_model(model, flags.out);
  if (flags.json) {
    write_json(summary_json(run, data, model, duplicates, flags.out));
  } else {
    write_results(summary_text(run, model, flags.out));
  }
  if (run.training.outcome == Outcome::kInterrupted) return kInterrupted;
  if (run.training.outcome == Outcome::kDiverged) {
    console.say("the loss is no longer a finite number: try a smaller --learning-rate");
    return kFailed;
  }
  return kDone;
}

}  // namespace

void add_train(Program& program) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* app = program.app.add_subcommand("train", kAbout);
  flags->data.add_to(*app);
  app->add_option("--validation", flags->validation,
                  "validate on this file instead of a part of the training data")
      ->type_name("FILE");
  app->add_option("-o,--out", flags->out, "where to save the model [" + flags->out + "]")
      ->type_name("MODEL");
  add_integer_flag(*app, "--seed", flags->seed, 0, std::int64_t{1} << 53,
                   "of the split, the first weights and the order of examples");
  flags->threads.add_to(*app);
  app->add_flag("--json", flags->json, "write the summary and the history as JSON");
  app->add_flag("--quiet", flags->quiet, "no messages, no progress");
  flags->run.add_to(*app);
  program.commands.push_back({app, [flags] { return run_train(*flags); }});
}

}  // namespace deltarule::app
