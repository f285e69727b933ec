#include "deltarule/benchmark/epochs.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "deltarule/base/error.h"
#include "deltarule/base/random.h"
#include "deltarule/network/initializer.h"
#include "deltarule/training/step.h"
#include "deltarule/training/trainer.h"

namespace deltarule {
namespace {

constexpr std::uint64_t kSeed = 1;

std::vector<std::uint32_t> draw_rows(const Dataset& data, std::size_t count) {
  std::vector<std::uint32_t> rows(data.training_count);
  std::iota(rows.begin(), rows.end(), 0u);
  Random random(kSeed, Stream::kSample);
  shuffle(std::span(rows), random);
  rows.resize(count);
  return rows;
}

RunOptions options_of(const EpochTask& task) {
  RunOptions options;
  options.batch = static_cast<int>(kTimedBatch);
  options.epochs = task.epochs + 1;
  options.momentum = task.momentum;
  // As long a step in the end, whatever the momentum.
  options.learning_rate = 0.1 * (1 - task.momentum);
  return options;
}

/// The examples that pass through the network: an epoch's last batch does so twice, because the
/// trainer records the norms of its gradients.
std::size_t passes(std::size_t examples) {
  const std::size_t rest = examples % kTimedBatch;
  return examples + (rest > 0 ? rest : std::min(examples, kTimedBatch));
}

}  // namespace

double dense_operations(const NetworkSpec& spec) {
  double operations = 0;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    const auto weights = static_cast<double>(spec.inputs_of(l) * spec.layers[l].units);
    operations += (l == 0 ? 4 : 6) * weights;
  }
  return operations;
}

EpochTimes time_epochs(const EpochTask& task, const std::function<void(int)>& on_epoch,
                       const std::function<bool()>& should_stop) {
  assert(task.examples <= task.data.training_count && task.examples_timed <= task.examples);
  const Split split{draw_rows(task.data, task.examples_timed), {}, {}};
  const Normalizer per_image;
  const RunOptions options = options_of(task);
  const Network<float> initial = make_network(task.spec, {}, kSeed);
  Observer observer;
  observer.should_stop = should_stop;
  if (on_epoch) observer.on_epoch = [&](const EpochRecord& record) { on_epoch(record.epoch); };
  ThreadTeam team(task.threads);
  const TrainingResult result =
      train(initial, task.data, split, per_image, options, kSeed, observer, team);
  if (result.outcome == Outcome::kDiverged) {
    throw Error({.what = "the network diverged while it was timed",
                 .where = to_text(task.spec),
                 .next = "time one with tanh, or with less momentum"});
  }
  EpochTimes times;
  times.threads_used = useful_members(task.spec, kTimedBatch, task.threads);
  const double scale =
      static_cast<double>(passes(task.examples)) / static_cast<double>(passes(task.examples_timed));
  for (std::size_t i = 1; i < result.history.size(); ++i) {
    times.milliseconds.push_back(1000 * scale * result.history[i].training_seconds);
    times.accuracy = result.history[i].train.accuracy;
  }
  return times;
}

std::size_t examples_within(double seconds, const NetworkSpec& spec, std::size_t examples,
                            double gflops) {
  constexpr double kLeastBatches = 4;
  const double batch_seconds =
      static_cast<double>(kTimedBatch) * dense_operations(spec) / (gflops * 1e9);
  const double batches = std::max(seconds / batch_seconds, kLeastBatches);
  if (batches * static_cast<double>(kTimedBatch) >= static_cast<double>(examples)) return examples;
  return static_cast<std::size_t>(batches) * kTimedBatch;
}

}  // namespace deltarule
