// `deltarule bench`: how fast training and prediction are here, and how fast they could be.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/bench_plan.h"
#include "app/bench_text.h"
#include "app/commands.h"
#include "app/environment.h"
#include "app/flags.h"
#include "app/interrupt.h"
#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/threads.h"
#include "deltarule/data/lit_pixels.h"

namespace deltarule::app {
namespace {

constexpr const char* kAbout =
    "Measure how fast this machine trains and predicts, and how near that is to its limit.\n\n"
    "Examples:\n"
    "  deltarule bench                          about a minute\n"
    "  deltarule bench --quick                  a few seconds, rough\n"
    "  deltarule bench --networks 784-128-10,784-64-32:relu-10 --momentum 0.9\n"
    "  deltarule bench --threads 1 --paths sparse --json > speed.json\n\n"
    "An epoch is one pass of training steps over 48,000 images, in batches of 128, without\n"
    "evaluation. A row is the median of some epochs after one that is not counted. Of a large\n"
    "network fewer images are timed, and scaled, which may add two percent: the last column says\n"
    "how many.\n\n"
    "  path           sparse skips pixels that are 0, dense multiplies all; the result is the "
    "same\n"
    "  of the floor   the time over what the dense products of that epoch (forward, and both\n"
    "                 backward) would take at the peak of as many threads. 1.10 is ten percent "
    "more\n"
    "                 than possible when everything is multiplied; below 1, work was left out\n"
    "  fp32 peak      multiply-adds in registers alone, measured again and again, the median: the\n"
    "                 speed of a machine that others use too changes within seconds\n"
    "  1 of 2         threads that take part, of those that may; more would not pay\n"
    "  p50, p99       what half, and 99 of 100, single predictions stay below, from raw pixels to\n"
    "                 class and probabilities, on one thread; a look at the clock is part of it\n\n"
    "Figures mean something on an idle machine only.";

constexpr std::size_t kEpochExamples = 48000;

/// Everything that is measured, in order. Stops between two batches when interrupted.
class Bench {
 public:
  Bench(const BenchPlan& plan, const Dataset& data, BenchResult& result, Console& console)
      : plan_(plan),
        data_(data),
        dense_(data),
        result_(result),
        console_(console),
        meter_(floor_threads()) {
    dense_.lit = nullptr;
    result_.examples = std::min(kEpochExamples, data.training_count);
  }

  void run() {
    for (const NamedNetwork& network : plan_.networks) {
      for (const std::string& path : plan_.paths) {
        if (interrupted()) break;
        measure_floor();
        for (const int threads : plan_.threads) {
          if (!interrupted()) time_row(network, path, threads);
        }
      }
    }
    if (!interrupted()) measure_floor();
    for (const std::string& path : plan_.paths) {
      if (!interrupted()) time_prediction(path);
    }
    result_.clock_microseconds = clock_microseconds();
    if (!result_.epochs.empty()) result_.floor = meter_.floor();
  }

 private:
  std::vector<int> floor_threads() const {
    std::vector<int> threads = plan_.threads;
    add_once(threads, 1);
    add_once(threads, available_threads());
    return threads;
  }

  void measure_floor() {
    console_.show({"measuring the floor …"});
    meter_.measure();
  }

  void time_row(const NamedNetwork& network, const std::string& path, int threads) {
    const double gflops = meter_.floor().gflops.at(threads);
    const auto examples = static_cast<double>(result_.examples);
    EpochRow row{network.name, examples * dense_operations(network.spec), path, threads, 0, {}};
    row.examples_timed =
        examples_within(plan_.epoch_seconds, network.spec, result_.examples, gflops);
    const EpochTask task{network.spec,     path == "dense" ? dense_ : data_,
                         result_.examples, row.examples_timed,
                         threads,          plan_.epochs,
                         plan_.momentum};
    const auto show = [&](int epoch) {
      console_.show({network.name + ", " + path + ", " + counted(threads, "thread", "threads") +
                     formatted(": epoch %d of %d", epoch, plan_.epochs + 1)});
    };
    show(0);
    try {
      row.times = time_epochs(task, show, interrupted);
    } catch (const Error& diverged) {
      console_.say(diverged.what());  // the other rows are worth having
      return;
    }
    if (row.times.milliseconds.empty()) return;
    console_.say(row_text(row));
    result_.epochs.push_back(std::move(row));
  }

  void time_prediction(const std::string& path) {
    const std::string name =
        std::to_string(data_.features) + "-128-" + std::to_string(data_.classes.size());
    console_.show({"predicting, " + path + " …"});
    const Predictor predictor = make_untrained_predictor(parse_spec(name, "the predictor"), data_);
    const auto way = path == "sparse" ? PredictionPath::kSparse : PredictionPath::kDense;
    result_.predictions.push_back(
        {name, path, time_predictions(predictor, data_, way, plan_.prediction_seconds)});
  }

  const BenchPlan& plan_;
  const Dataset& data_;
  Dataset dense_;  ///< without its lit pixels
  BenchResult& result_;
  Console& console_;
  FloorMeter meter_;
};

struct Flags {
  BenchFlags plan;
  DataFlags data;
  bool json = false, quiet = false;
};

int run_bench(const Flags& flags, const std::string& command_line) {
  BenchPlan plan = make_plan(flags.plan);
  catch_interrupts();
  Console console(flags.quiet);
  const DefaultDataset source = flags.data.open(console);
  fit_to_data(plan, source.data, console);

  BenchResult result;
  result.environment = current_environment(command_line, available_threads());
  result.data = source.data.name;
  result.notice = source.notice;
  result.lit_share = source.data.lit ? source.data.lit->lit_share : 0;
  result.momentum = plan.momentum;
  result.quick = flags.plan.quick;
  Bench(plan, source.data, result, console).run();
  console.clear();
  result.interrupted = interrupted();
  if (result.epochs.empty()) {
    console.say(result.interrupted ? "nothing was measured before the interruption"
                                   : "nothing could be measured");
    return result.interrupted ? kInterrupted : kFailed;
  }
  if (flags.json) {
    write_json(bench_json(result));
  } else {
    write_results(bench_text(result));
  }
  return result.interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_bench(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.app.add_subcommand("bench", kAbout);
  app->add_option("--networks", flags->plan.networks,
                  "networks between commas, as INPUTS-UNITS:ACTIVATION-CLASSES; tanh where none is "
                  "named [784-10,784-128-10,784-800-10,784-2500-2000-1500-1000-500-10]")
      ->type_name("NETWORK,…");
  app->add_option("--threads", flags->plan.threads,
                  "numbers of threads between commas; all = as many as there are [" +
                      flags->plan.threads + "]")
      ->type_name("N,…");
  app->add_option("--paths", flags->plan.paths, "sparse, dense or both [" + flags->plan.paths + "]")
      ->type_name("PATH,…");
  add_integer_flag(*app, "--epochs", flags->plan.epochs, 0, 10000,
                   "epochs of a row, after one that is not counted; 0 = 5, or 2 with --quick");
  app->add_option("--momentum", flags->plan.momentum,
                  "γ of the training; 0 to 0.9999 [" + flags->plan.momentum + "]")
      ->type_name("N");
  flags->data.add_to(*app);
  app->add_flag("--quick", flags->plan.quick, "a second or less for each row");
  app->add_flag("--json", flags->json, "write the results as JSON");
  app->add_flag("--quiet", flags->quiet, "no messages, no progress");
  const std::string command_line = program.command_line;
  program.commands.push_back(
      {app, [flags, command_line] { return run_bench(*flags, command_line); }});
}

}  // namespace deltarule::app
