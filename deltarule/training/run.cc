#include "deltarule/training/run.h"

#include <chrono>

#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

WeightsScore score(const Network<float>& network, int epoch, const Dataset& data, const Run& run,
                   ThreadTeam& team) {
  EvaluationWorkspace workspace(network.spec, team.size());
  const auto part = [&](std::span<const std::uint32_t> rows) {
    return evaluate(network, data, run.normalizer, rows, workspace, team);
  };
  return {epoch, part(run.split.validation), part(run.split.test)};
}

}  // namespace

Run perform_run(const Dataset& data, const RunOptions& options, std::uint64_t seed,
                const Observer& observer, ThreadTeam& team) {
  const auto begin = std::chrono::steady_clock::now();
  Run run;
  run.options = options;
  run.seed = seed;
  const NetworkSpec spec = make_spec(data.features, options.hidden, data.classes.size(), "hidden");
  const Initializer initializer = parse_initializer(options.initializer, "initializer");
  run.split =
      split(data, {options.split, options.validation_fraction, options.test_fraction}, seed);
  run.normalizer = fit_normalizer(options.normalize, data, run.split.train);
  run.training = train(make_network(spec, initializer, seed), data, run.split, run.normalizer,
                       options, seed, observer, team);
  run.best = score(run.training.best, run.training.best_epoch, data, run, team);
  run.last = score(run.training.last, run.training.stopped_epoch, data, run, team);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return run;
}

Model make_model(const Run& run, const Dataset& data) {
  // What a run diverged to is of no use to anyone.
  const bool best = run.options.keep == Keep::kBest || run.training.outcome == Outcome::kDiverged;
  Model model{best ? run.training.best : run.training.last,
              run.normalizer,
              data.classes,
              data.image,
              data.is_bytes(),
              {}};
  model.about["weights"] = best ? "best" : "last";
  model.about["seed"] = std::to_string(run.seed);
  model.about["data"] = data.name;
  model.about["data_sha256"] = content_of(data);
  for (const auto& option : run_options().options()) {
    model.about["option." + option.info.name] = to_text(option.get(run.options));
  }
  const WeightsScore& kept = best ? run.best : run.last;
  model.about["epoch"] = std::to_string(kept.epoch);
  model.about["validation_accuracy"] = to_text(OptionValue(kept.validation.accuracy));
  model.about["validation_loss"] = to_text(OptionValue(kept.validation.loss));
  model.about["test_accuracy"] = to_text(OptionValue(kept.test.accuracy));
  model.about["test_loss"] = to_text(OptionValue(kept.test.loss));
  return model;
}

}  // namespace deltarule
