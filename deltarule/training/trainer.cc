#include "deltarule/training/trainer.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>

#include "deltarule/base/random.h"
#include "deltarule/network/loss.h"
#include "deltarule/training/early_stopping.h"
#include "deltarule/training/layer_record.h"
#include "deltarule/training/schedule.h"
#include "deltarule/training/step.h"

namespace deltarule {
namespace {

using Rows = std::span<const std::uint32_t>;

/// The state of one training; a function's local variables, gathered so that functions stay small.
struct Training {
  const Dataset& data;
  const Split& split;
  const Normalizer& normalizer;
  const RunOptions& options;
  const Observer& observer;
  ThreadTeam& team;
  std::uint64_t seed;

  Schedule schedule;
  Stepper stepper;
  EvaluationWorkspace evaluation;
  EarlyStopping stopping;
  std::vector<std::uint32_t> order;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();

  Batch batch(Rows rows) const { return {data, normalizer, rows}; }
  bool validates() const { return !split.validation.empty(); }
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
};

/// The order depends on the seed and the epoch alone, so that a run may begin at any epoch.
void draw_order(Training& training, int epoch) {
  training.order = training.split.train;
  Random random(training.seed, Stream::kOrder, static_cast<std::uint32_t>(epoch));
  shuffle(std::span(training.order), random);
}

/// All steps of one epoch. kFinished, or why it did not get to the end.
Outcome train_epoch(Training& training, int epoch, Network<float>& network, EpochRecord& record) {
  draw_order(training, epoch);
  record.epoch = epoch;
  record.learning_rate = learning_rate(training.schedule, training.options.learning_rate, epoch,
                                       training.options.epochs);
  const Rows order = training.order;
  const std::size_t batch_size = static_cast<std::size_t>(training.options.batch);
  LossSum sum;
  for (std::size_t first = 0; first < order.size(); first += batch_size) {
    const Batch batch =
        training.batch(order.subspan(first, std::min(batch_size, order.size() - first)));
    if (first + batch_size >= order.size()) {
      const Gradients<float>& gradients = training.stepper.gradients(batch, network, training.team);
      record.layers = layer_norms(network, gradients);
    }
    const LossSum batch_sum =
        training.stepper.step(batch, record.learning_rate, network, training.team);
    if (!std::isfinite(batch_sum.loss)) return Outcome::kDiverged;
    sum.loss += batch_sum.loss;
    sum.correct += batch_sum.correct;
    if (training.observer.should_stop && training.observer.should_stop()) {
      return Outcome::kInterrupted;
    }
  }
  const double count = static_cast<double>(order.size());
  record.train = {sum.loss / count, static_cast<double>(sum.correct) / count};
  return Outcome::kFinished;
}

void describe_epoch(Training& training, const Network<float>& network, EpochRecord& record) {
  const Rows validation = training.split.validation;
  record.validation = evaluate(network, training.data, training.normalizer, validation,
                               training.evaluation, training.team);
  record.penalty = penalty_of(network, {training.options.l1, training.options.l2});
  const Rows sample = training.validates() ? validation : Rows(training.split.train);
  add_unit_shares(network, training.data, training.normalizer, sample, training.evaluation,
                  training.team, record.layers);
  record.seconds = training.seconds();
}

/// Scratch is made for the batches that there will be, not for any that the options allow.
RunOptions with_batch_of_at_most(RunOptions options, std::size_t rows) {
  options.batch = static_cast<int>(std::min(static_cast<std::size_t>(options.batch), rows));
  return options;
}

}  // namespace

TrainingResult train(const Network<float>& initial, const Dataset& data, const Split& split,
                     const Normalizer& normalizer, const RunOptions& options, std::uint64_t seed,
                     const Observer& observer, ThreadTeam& team) {
  assert(!split.train.empty());
  Training training{data,
                    split,
                    normalizer,
                    options,
                    observer,
                    team,
                    seed,
                    parse_schedule(options.schedule, "schedule"),
                    Stepper(initial.spec, with_batch_of_at_most(options, split.train.size())),
                    EvaluationWorkspace(initial.spec),
                    EarlyStopping(options.patience, options.min_delta),
                    {}};
  TrainingResult result;
  result.best = result.last = initial;
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    EpochRecord record;
    result.outcome = train_epoch(training, epoch, result.last, record);
    if (result.outcome != Outcome::kFinished) break;
    describe_epoch(training, result.last, record);
    result.stopped_epoch = epoch;
    result.history.push_back(record);
    if (observer.on_epoch) observer.on_epoch(record);
    if (!training.validates()) continue;
    if (!std::isfinite(record.validation.loss)) {
      result.outcome = Outcome::kDiverged;
      break;
    }
    if (training.stopping.record(epoch, record.validation.loss)) result.best = result.last;
    if (training.stopping.should_stop(epoch)) {
      result.outcome = Outcome::kStoppedEarly;
      break;
    }
  }
  result.best_epoch = training.validates() ? training.stopping.best_epoch() : result.stopped_epoch;
  if (!training.validates()) result.best = result.last;
  return result;
}

}  // namespace deltarule
