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
  int members;  ///< those of the team that take part in steps
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

/// What the members of a team agree on while they walk through the batches of an epoch.
struct Agreement {
  /// Whether member 0 was asked to stop before a batch. Two, taken in turn: it may be a batch ahead
  /// of others.
  bool stop[2] = {false, false};
  LossSum sum;
  Outcome outcome = Outcome::kFinished;
};

/// The steps of one epoch, as each member of the team walks through them.
void walk_batches(Training& training, Network<float>& network, EpochRecord& record,
                  const Member& member, Agreement& agreed) {
  const Rows order = training.order;
  const std::size_t batch_size = static_cast<std::size_t>(training.options.batch);
  const auto& should_stop = training.observer.should_stop;
  LossSum sum;
  Outcome outcome = Outcome::kFinished;
  training.stepper.take(network, member);
  for (std::size_t first = 0, b = 0; first < order.size(); first += batch_size, ++b) {
    const Batch batch =
        training.batch(order.subspan(first, std::min(batch_size, order.size() - first)));
    if (member.index == 0) agreed.stop[b % 2] = should_stop && should_stop();
    if (first + batch_size >= order.size()) {
      training.stepper.give_back(network, member);
      const Gradients<float>& gradients = training.stepper.gradients(batch, network, member);
      if (member.index == 0) fill_norms(network, gradients, record.layers);
      member.wait();
    }
    const LossSum batch_sum = training.stepper.step(batch, record.learning_rate, network, member);
    // All members see the same loss, so they leave together.
    if (!std::isfinite(batch_sum.loss)) outcome = Outcome::kDiverged;
    if (outcome == Outcome::kFinished && agreed.stop[b % 2]) outcome = Outcome::kInterrupted;
    if (outcome != Outcome::kFinished) break;
    sum.loss += batch_sum.loss;
    sum.correct += batch_sum.correct;
  }
  training.stepper.give_back(network, member);
  if (member.index == 0) {
    agreed.sum = sum;
    agreed.outcome = outcome;
  }
}

/// All steps of one epoch. kFinished, or why it did not get to the end.
Outcome train_epoch(Training& training, int epoch, Network<float>& network, EpochRecord& record) {
  const double begin = training.seconds();
  draw_order(training, epoch);
  record.epoch = epoch;
  record.learning_rate = learning_rate(training.schedule, training.options.learning_rate, epoch,
                                       training.options.epochs);
  record.layers.resize(network.layers.size());
  Agreement agreed;
  training.team.run(training.members, [&](const Member& member) {
    walk_batches(training, network, record, member, agreed);
  });
  const double count = static_cast<double>(training.order.size());
  record.train = {agreed.sum.loss / count, static_cast<double>(agreed.sum.correct) / count};
  record.training_seconds = training.seconds() - begin;
  return agreed.outcome;
}

void describe_epoch(Training& training, const Network<float>& network, EpochRecord& record) {
  const Rows validation = training.split.validation;
  record.validation = evaluate(network, training.data, training.normalizer, validation,
                               training.evaluation, training.team);
  record.penalty = penalty_of(network, {training.options.l1, training.options.l2});
  const Rows sample = training.validates() ? validation : Rows(training.split.train);
  add_unit_shares(network, training.data, training.normalizer, sample, training.evaluation,
                  record.layers);
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
  const RunOptions step_options = with_batch_of_at_most(options, split.train.size());
  const int members =
      useful_members(initial.spec, static_cast<std::size_t>(step_options.batch), team.size());
  Training training{data,
                    split,
                    normalizer,
                    options,
                    observer,
                    team,
                    members,
                    seed,
                    parse_schedule(options.schedule, "schedule"),
                    Stepper(initial.spec, step_options, members),
                    EvaluationWorkspace(initial.spec, team.size()),
                    EarlyStopping(options.patience, options.min_delta),
                    {}};
  training.stepper.prepare(data, normalizer);
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
