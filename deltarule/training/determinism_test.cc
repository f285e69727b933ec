// What docs/determinism.md promises of whole trainings.
#include <gtest/gtest.h>
#include <hwy/highway.h>  // its version

#include <bit>
#include <cmath>

#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"
#include "deltarule/math/testing.h"
#include "deltarule/training/run.h"
#include "deltarule/training/step.h"

namespace deltarule {
namespace {

Dataset make_digits(std::size_t count, bool lit) {
  Dataset digits = make_synthetic_digits(count);
  if (lit) digits.lit = make_lit_pixels(digits);
  return digits;
}

/// Calls use(a, b) for each pair of parameters of two networks of one shape.
template <class Use>
void for_parameters(const Network<float>& a, const Network<float>& b, const Use& use) {
  ASSERT_EQ(a.spec, b.spec);
  const auto matrix = [&](const Matrix<float>& x, const Matrix<float>& y) {
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < x.columns(); ++j) use(x(i, j), y(i, j));
    }
  };
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    matrix(a.layers[l].weights, b.layers[l].weights);
    matrix(a.layers[l].biases, b.layers[l].biases);
  }
}

double greatest_difference(const Network<float>& a, const Network<float>& b) {
  double greatest = 0;
  for_parameters(a, b, [&](double x, double y) { greatest = std::max(greatest, std::abs(x - y)); });
  return greatest;
}

void expect_same_bits(const Network<float>& a, const Network<float>& b) {
  std::size_t different = 0;
  for_parameters(a, b, [&](float x, float y) { different += x != y; });
  EXPECT_EQ(different, 0u) << "parameters differ";
}

void expect_same(const Score& a, const Score& b) {
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.accuracy, b.accuracy);
}

/// All of it but the time.
void expect_same(const EpochRecord& a, const EpochRecord& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.learning_rate, b.learning_rate);
  expect_same(a.train, b.train);
  expect_same(a.validation, b.validation);
  EXPECT_EQ(a.penalty, b.penalty);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    EXPECT_EQ(a.layers[l].weight_norm, b.layers[l].weight_norm);
    EXPECT_EQ(a.layers[l].gradient_norm, b.layers[l].gradient_norm);
    EXPECT_EQ(a.layers[l].dead_share, b.layers[l].dead_share);
    EXPECT_EQ(a.layers[l].saturated_share, b.layers[l].saturated_share);
  }
}

void expect_same(const Run& a, const Run& b) {
  EXPECT_EQ(a.training.outcome, b.training.outcome);
  EXPECT_EQ(a.training.best_epoch, b.training.best_epoch);
  EXPECT_EQ(a.training.stopped_epoch, b.training.stopped_epoch);
  expect_same_bits(a.training.best, b.training.best);
  expect_same_bits(a.training.last, b.training.last);
  for (const auto score : {&Run::best, &Run::last}) {
    expect_same((a.*score).validation, (b.*score).validation);
    expect_same((a.*score).test, (b.*score).test);
  }
  ASSERT_EQ(a.training.history.size(), b.training.history.size());
  for (std::size_t e = 0; e < a.training.history.size(); ++e) {
    expect_same(a.training.history[e], b.training.history[e]);
  }
}

Run run_on(int threads, const Dataset& data, const RunOptions& options) {
  ThreadTeam team(threads);
  return perform_run(data, options, 3, {}, team);
}

/// Wide enough for sixteen threads to take part; what a caller sets is added to it.
RunOptions wide_options() {
  RunOptions options;
  options.hidden = "512:tanh";
  options.batch = 64;
  options.epochs = 2;
  options.patience = 0;
  return options;
}

void expect_same_at_any_number_of_threads(const RunOptions& options) {
  const NetworkSpec spec = make_spec(784, options.hidden, 10, "test");
  ASSERT_EQ(useful_members(spec, static_cast<std::size_t>(options.batch), 16), 16);
  for (const bool lit : {true, false}) {
    SCOPED_TRACE(lit ? "lit" : "dense");
    const Dataset digits = make_digits(400, lit);
    const Run alone = run_on(1, digits, options);
    EXPECT_EQ(alone.training.outcome, Outcome::kFinished);
    for (const int threads : {2, 3, 7, 16}) {
      SCOPED_TRACE(threads);
      expect_same(alone, run_on(threads, digits, options));
    }
  }
}

TEST(SameBitsAtAnyNumberOfThreads, WithPlainGradientDescent) {
  expect_same_at_any_number_of_threads(wide_options());
}

/// The weights that a training leaves behind, which began on 400 digits and did not finish.
void expect_same_end(const RunOptions& options, int stop_at, Outcome outcome) {
  const Dataset digits = make_digits(400, true);
  const auto run = [&](int threads) {
    int asked = 0;
    Observer observer;
    observer.should_stop = [&] { return ++asked == stop_at; };
    ThreadTeam team(threads);
    return perform_run(digits, options, 3, observer, team);
  };
  const Run alone = run(1);
  EXPECT_EQ(alone.training.outcome, outcome);
  for (const int threads : {2, 3, 7, 16}) {
    SCOPED_TRACE(threads);
    const Run together = run(threads);
    EXPECT_EQ(together.training.outcome, outcome);
    EXPECT_EQ(together.training.stopped_epoch, alone.training.stopped_epoch);
    // What diverged is NaN, which equals nothing.
    if (outcome == Outcome::kInterrupted) {
      expect_same_bits(alone.training.last, together.training.last);
    }
    expect_same_bits(alone.training.best, together.training.best);
  }
}

TEST(SameBitsAtAnyNumberOfThreads, WhenATrainingIsInterrupted) {
  for (const int batch : {1, 2, 3, 6}) {
    expect_same_end(wide_options(), batch, Outcome::kInterrupted);
  }
}

TEST(SameBitsAtAnyNumberOfThreads, WhenATrainingDiverges) {
  RunOptions options = wide_options();
  options.hidden = "512:relu,512:relu";
  options.learning_rate = 1e12;
  expect_same_end(options, 0, Outcome::kDiverged);
}

TEST(SameBitsAtAnyNumberOfThreads, WithMomentumAndPenalties) {
  RunOptions options = wide_options();
  options.momentum = 0.9;
  options.nesterov = true;
  options.learning_rate = 0.01;
  options.l1 = 1e-5;
  options.l2 = 1e-4;
  expect_same_at_any_number_of_threads(options);
}

TEST(SameBitsAtAnyNumberOfThreads, ThroughSeveralLayers) {
  RunOptions options = wide_options();
  options.hidden = "256:sigmoid,512:relu";
  options.momentum = 0.5;
  expect_same_at_any_number_of_threads(options);
}

TEST(SameBitsAtAnyNumberOfThreads, InEvaluationAndPrediction) {
  const Dataset digits = make_digits(2100, true);  // nine stretches, the last a short one
  const auto run = run_on(1, make_digits(400, true), wide_options());
  std::vector<std::uint32_t> rows(digits.count());
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  const auto evaluate_on = [&](int threads) {
    ThreadTeam team(threads);
    EvaluationWorkspace workspace(run.training.last.spec, threads);
    return evaluate(run.training.last, digits, run.normalizer, rows, workspace, team);
  };
  const auto predict_on = [&](int threads) {
    ThreadTeam team(threads);
    return predict(run.training.last, digits, run.normalizer, rows, team);
  };
  const Score alone = evaluate_on(1);
  const Matrix<float> probabilities = predict_on(1);
  for (const int threads : {2, 3, 7, 16}) {
    expect_same(alone, evaluate_on(threads));
    const Matrix<float> together = predict_on(threads);
    for (std::size_t n = 0; n < rows.size(); ++n) {
      for (std::size_t k = 0; k < 10; ++k) ASSERT_EQ(probabilities(n, k), together(n, k));
    }
  }
}

/// Smooth, and in steps that are small enough for what is rounded away not to grow.
RunOptions calm_options() {
  RunOptions options;
  options.hidden = "32:tanh,20:sigmoid";
  options.epochs = 5;
  options.patience = 0;
  options.momentum = 0.5;
  options.l2 = 1e-4;
  return options;
}

/// As many kinds of each digit as make `count` classes, more than one vector holds.
Dataset with_classes(Dataset digits, std::size_t count) {
  digits.classes.clear();
  for (std::size_t c = 0; c < count; ++c) digits.classes.push_back(std::to_string(c));
  std::vector<std::size_t> seen(10);
  for (std::uint16_t& label : digits.labels) {
    const std::size_t kind = seen[label]++ % (count / 10);
    label = static_cast<std::uint16_t>(label + 10 * kind);
  }
  return digits;
}

/// Runs on each instruction set, in the order of instruction_sets().
std::vector<Run> run_on_every_instruction_set(const Dataset& data, const RunOptions& options) {
  std::vector<Run> runs;
  on_every_instruction_set([&] { runs.push_back(run_on(1, data, options)); });
  return runs;
}

/// Whether it multiplies and adds with one rounding.
bool fuses(const std::string& instruction_set) {
  return instruction_set != "sse4" && instruction_set != "scalar";
}

TEST(InstructionSets, ThatRoundAlikeTrainToTheSameBits) {
  const std::vector<std::string> names = instruction_sets();
  for (const std::size_t classes : {10, 50}) {
    for (const bool lit : {true, false}) {
      SCOPED_TRACE(std::to_string(classes) + (lit ? " classes, lit" : " classes, dense"));
      const Dataset digits = with_classes(make_digits(700, lit), classes);
      const auto runs = run_on_every_instruction_set(digits, calm_options());
      for (std::size_t i = 1; i < names.size(); ++i) {
        if (fuses(names[i]) != fuses(names[i - 1])) continue;
        SCOPED_TRACE(names[i - 1] + " and " + names[i]);
        expect_same(runs[i - 1], runs[i]);
      }
    }
  }
}

/// FNV-1a over the bits of all parameters.
std::uint64_t fingerprint(const Network<float>& network) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for_parameters(network, network, [&](float x, float) {
    hash = (hash ^ std::bit_cast<std::uint32_t>(x)) * 0x100000001b3;
  });
  return hash;
}

// A change that is meant to change results, such as another order of sums, changes these numbers.
TEST(InstructionSets, GiveTheBitsThatWereWrittenDownWhateverTheCompilerAndTheMachine) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "written down on x86, and not compared with other processors yet";
#endif
  if (HWY_MAJOR != 1 || HWY_MINOR != 0) {
    GTEST_SKIP() << "exp and log are Highway's, and those written down are of version 1.0";
  }
  constexpr std::uint64_t kFused = 8587150317568689233u, kRoundedTwice = 8042550294611962218u;
  const auto runs = run_on_every_instruction_set(make_digits(700, true), calm_options());
  const std::vector<std::string> names = instruction_sets();
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(fingerprint(runs[i].training.last), fuses(names[i]) ? kFused : kRoundedTwice)
        << names[i];
  }
}

TEST(InstructionSets, TrainToTheSameNetworkUpToRounding) {
  constexpr double kRoundoff = 1e-5;
  for (const bool lit : {true, false}) {
    const auto runs = run_on_every_instruction_set(make_digits(700, lit), calm_options());
    for (const auto& run : runs) {
      EXPECT_LT(greatest_difference(run.training.last, runs[0].training.last), kRoundoff);
      for (std::size_t e = 0; e < run.training.history.size(); ++e) {
        const EpochRecord& record = run.training.history[e];
        const EpochRecord& first = runs[0].training.history[e];
        EXPECT_NEAR(record.train.loss, first.train.loss, kRoundoff);
        EXPECT_NEAR(record.validation.loss, first.validation.loss, kRoundoff);
        EXPECT_NEAR(record.layers[0].gradient_norm, first.layers[0].gradient_norm, kRoundoff);
      }
    }
  }
}

}  // namespace
}  // namespace deltarule
