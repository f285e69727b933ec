#include "deltarule/checking/preflight.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

#include "deltarule/base/random.h"
#include "deltarule/network/initializer.h"
#include "deltarule/network/loss.h"
#include "deltarule/training/step.h"
#include "deltarule/training/trainer.h"

namespace deltarule {
namespace {

constexpr std::size_t kMostTrainingRows = 2000, kMostValidationRows = 1000;
constexpr double kNearChance = 0.5;
// Glorot, He and LeCun keep the variance of what passes, so logits begin with one of v = 1 to 2,
// and the expected loss, if they are normal, at up to v/2 above ln K.
constexpr double kNearChanceOfUnitVariance = 1.5;
constexpr std::size_t kSmallBatch = 16;
constexpr int kMostSteps = 4000;
constexpr double kOverfitted = 0.01;
constexpr double kMomentum = 0.9;
// A network that learned nothing stays within 1 % of the baseline; one that learned anything in 200
// steps is far below it.
constexpr int kBaselineBatch = 32, kBaselineSteps = 200;
constexpr double kBaselineMargin = 0.02;

/// Normalized rows of the run's own training and validation parts, few enough to be quick.
struct Sample {
  Dataset data;
  Split split;  ///< without a test part
  Normalizer none{Normalization::kNone, {}, {}};
};

/// What all checks start from.
struct Start {
  Sample sample;
  Network<float> network;
  std::uint64_t seed = 0;
};

std::string text_of(double number, int digits = 4) {
  std::ostringstream text;
  text << std::setprecision(digits) << number;
  return text.str();
}

std::vector<std::uint32_t> choose_rows(std::vector<std::uint32_t> rows, std::size_t most,
                                       Random& random) {
  shuffle(std::span(rows), random);
  rows.resize(std::min(rows.size(), most));
  return rows;
}

Sample make_sample(const Dataset& data, const RunOptions& options, std::uint64_t seed) {
  const Split whole =
      split(data, {options.split, options.validation_fraction, options.test_fraction}, seed);
  const Normalizer normalizer = fit_normalizer(options.normalize, data, whole.train);
  Random random(seed, Stream::kSample);
  std::vector<std::uint32_t> rows = choose_rows(whole.train, kMostTrainingRows, random);
  const std::size_t training_rows = rows.size();
  const std::vector<std::uint32_t> validation =
      choose_rows(whole.validation, kMostValidationRows, random);
  rows.insert(rows.end(), validation.begin(), validation.end());

  Matrix<float> inputs({rows.size(), data.features});
  normalize_rows(normalizer, data, rows, inputs.view());
  Sample sample;
  sample.data.name = data.name;
  sample.data.features = data.features;
  sample.data.classes = data.classes;
  sample.data.training_count = rows.size();
  std::vector<float>& values = sample.data.values.emplace<std::vector<float>>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    values.insert(values.end(), inputs.row(i).begin(), inputs.row(i).end());
    sample.data.labels.push_back(data.labels[rows[i]]);
    (i < training_rows ? sample.split.train : sample.split.validation)
        .push_back(static_cast<std::uint32_t>(i));
  }
  return sample;
}

Score score(const Network<float>& network, const Sample& sample,
            std::span<const std::uint32_t> rows) {
  EvaluationWorkspace workspace(network.spec);
  ThreadTeam team;
  return evaluate(network, sample.data, sample.none, rows, workspace, team);
}

PreflightCheck check_initialization(const Start& start, InitializerKind kind) {
  const std::size_t classes = start.network.spec.classes();
  const double chance = std::log(static_cast<double>(classes));
  const bool keeps_variance = kind == InitializerKind::kGlorot || kind == InitializerKind::kHe ||
                              kind == InitializerKind::kLecun;
  const double above = keeps_variance ? kNearChanceOfUnitVariance : kNearChance;
  const double loss = score(start.network, start.sample, start.sample.split.train).loss;
  return {"loss at initialization", chance - kNearChance <= loss && loss <= chance + above,
          "ln " + std::to_string(classes) + " = " + text_of(chance) + ", at most " +
              text_of(kNearChance) + " less or " + text_of(above) + " more",
          text_of(loss),
          "an untrained network should know nothing: a higher loss means weights or inputs too "
          "large, a lower one that the labels leak into the inputs"};
}

/// Training rows of all classes in turn, no two with the same inputs: what can be told apart.
std::vector<std::uint32_t> choose_small_batch(const Sample& sample) {
  const Dataset& data = sample.data;
  std::vector<std::vector<std::uint32_t>> rows_of_class(data.classes.size());
  for (const std::uint32_t row : sample.split.train) rows_of_class[data.labels[row]].push_back(row);
  std::vector<std::uint32_t> batch;
  for (std::size_t turn = 0; turn < sample.split.train.size(); ++turn) {
    for (const std::vector<std::uint32_t>& rows : rows_of_class) {
      if (turn >= rows.size()) continue;
      const std::span<const float> inputs = data.floats(rows[turn]);
      const bool is_new = std::none_of(batch.begin(), batch.end(), [&](std::uint32_t row) {
        return std::ranges::equal(inputs, data.floats(row));
      });
      if (is_new) batch.push_back(rows[turn]);
      if (batch.size() == kSmallBatch) return batch;
    }
  }
  return batch;
}

/// 4 / max_l mean ‖z_l‖², z_l the inputs of layer l with the 1 of the bias. On a softmax layer the
/// curvature is at most ½ mean ‖z‖², and descent with momentum γ is stable below 2(1 + γ) over
/// that, which is nearly twice this.
double safe_learning_rate(const Start& start) {
  const std::span<const std::uint32_t> rows =
      std::span(start.sample.split.train)
          .first(std::min<std::size_t>(start.sample.split.train.size(), 100));
  Matrix<float> inputs({rows.size(), start.sample.data.features});
  normalize_rows(start.sample.none, start.sample.data, rows, inputs.view());
  Workspace<float> workspace(start.network.spec, rows.size());
  forward<float>(start.network, inputs.view(), workspace);
  const auto mean_square_norm = [](const Matrix<float>& z) {
    double sum = 0;
    for (std::size_t i = 0; i < z.rows(); ++i) {
      for (const float value : z.row(i)) sum += static_cast<double>(value) * value;
    }
    return 1 + sum / static_cast<double>(z.rows());
  };
  double greatest = mean_square_norm(inputs);
  for (std::size_t l = 0; l < workspace.outputs.size(); ++l) {
    greatest = std::max(greatest, mean_square_norm(workspace.outputs[l]));
  }
  return 4 / greatest;
}

RunOptions plain_options(double learning_rate, int batch, int epochs) {
  RunOptions options;
  options.learning_rate = learning_rate;
  options.momentum = kMomentum;
  options.batch = batch;
  options.epochs = epochs;
  return options;
}

struct Overfit {
  double loss = std::numeric_limits<double>::infinity();
  int steps = 0;
  double learning_rate = 0;
  std::size_t examples = 0;
};

/// Full-batch steps on `rows` until their loss is small enough or the steps are used up.
Overfit overfit(const Start& start, std::span<const std::uint32_t> rows, double learning_rate) {
  const Sample& sample = start.sample;
  const int batch_size = static_cast<int>(rows.size());
  Stepper stepper(start.network.spec, plain_options(learning_rate, batch_size, 1));
  Network<float> network = start.network;
  Overfit result;
  result.learning_rate = learning_rate;
  result.examples = rows.size();
  while (result.steps < kMostSteps && result.loss >= kOverfitted) {
    const LossSum sum = stepper.step({sample.data, sample.none, rows}, learning_rate, network);
    if (!std::isfinite(sum.loss)) break;
    result.loss = sum.loss / batch_size;
    ++result.steps;
  }
  return result;
}

/// The safe step, then a larger one for plateaus, then a smaller one for networks that begin far
/// out.
Overfit overfit_somehow(const Start& start) {
  const std::vector<std::uint32_t> batch = choose_small_batch(start.sample);
  const double safe = safe_learning_rate(start);
  Overfit best;
  best.learning_rate = safe;
  best.examples = batch.size();
  for (const double factor : {1.0, 4.0, 0.25}) {
    const Overfit attempt = overfit(start, batch, factor * safe);
    if (attempt.loss < kOverfitted) return attempt;
    if (attempt.loss < best.loss) best = attempt;
  }
  return best;
}

PreflightCheck report_overfit(const Overfit& overfit) {
  // One example alone has nothing to be told apart from: all training rows are the same.
  return {"one small batch", overfit.loss < kOverfitted && overfit.examples > 1,
          "a loss below " + text_of(kOverfitted) + " on up to " + std::to_string(kSmallBatch) +
              " different examples, within " + std::to_string(kMostSteps) + " steps",
          text_of(overfit.loss, 5) + " on " + std::to_string(overfit.examples) + " after " +
              std::to_string(overfit.steps) + " steps",
          "a network that cannot learn a few examples by heart has a mistake in it, begins with "
          "all its units alike, or is too small"};
}

/// The network trained for a while on `sample`; of its epochs the one with the least validation
/// loss.
Network<float> train_a_while(const Start& start, const Sample& sample, double learning_rate) {
  const int rows = static_cast<int>(sample.split.train.size());
  const int batch = std::min(rows, kBaselineBatch);
  const int steps_per_epoch = (rows + batch - 1) / batch;
  const int epochs = (kBaselineSteps + steps_per_epoch - 1) / steps_per_epoch;
  ThreadTeam team;
  return train(start.network, sample.data, sample.split, sample.none,
               plain_options(learning_rate, batch, epochs), start.seed, {}, team)
      .best;
}

PreflightCheck check_baseline(const Start& start, const Network<float>& seeing,
                              double learning_rate) {
  Sample dark = start.sample;
  std::vector<float>& values = std::get<std::vector<float>>(dark.data.values);
  std::fill(values.begin(), values.end(), 0.0f);
  const Network<float> blind = train_a_while(start, dark, learning_rate);
  const double blind_loss = score(blind, dark, dark.split.validation).loss;
  const double loss = score(seeing, start.sample, start.sample.split.validation).loss;
  return {"input-blind baseline", loss < (1 - kBaselineMargin) * blind_loss,
          "a validation loss at least " + text_of(100 * kBaselineMargin) + " % below the " +
              text_of(blind_loss) + " of the same network with inputs of zero",
          text_of(loss),
          "a network that does no better with its inputs than without them learns nothing from "
          "them: the labels may not belong to the examples"};
}

PreflightCheck check_penalty(const Start& start, const Network<float>& network,
                             const RunOptions& options) {
  Penalty penalty{options.l1, options.l2};
  if (penalty.l1 == 0 && penalty.l2 == 0) penalty.l2 = 1e-4;
  const double loss = score(network, start.sample, start.sample.split.train).loss;
  const double more = loss + penalty_of(network, penalty);
  const double most = loss + penalty_of(network, {10 * penalty.l1, 10 * penalty.l2});
  return {"more penalty", loss < more && more < most,
          "an objective that rises from no penalty to l1 = " + text_of(penalty.l1) +
              ", l2 = " + text_of(penalty.l2) + " to ten times that",
          text_of(loss, 6) + ", " + text_of(more, 6) + ", " + text_of(most, 6),
          "a penalty that lowers the objective has the wrong sign, and one that changes nothing is "
          "not connected"};
}

}  // namespace

std::vector<PreflightCheck> preflight(const Dataset& data, const RunOptions& options,
                                      std::uint64_t seed) {
  const NetworkSpec spec = make_spec(data.features, options.hidden, data.classes.size(), "hidden");
  const Initializer initializer = parse_initializer(options.initializer, "initializer");
  const Start start{make_sample(data, options, seed), make_network(spec, initializer, seed), seed};
  std::vector<PreflightCheck> checks;
  checks.push_back(check_initialization(start, initializer.kind));
  const Overfit overfit = overfit_somehow(start);
  checks.push_back(report_overfit(overfit));
  const Network<float> seeing = train_a_while(start, start.sample, overfit.learning_rate);
  checks.push_back(check_baseline(start, seeing, overfit.learning_rate));
  checks.push_back(check_penalty(start, seeing, options));
  return checks;
}

}  // namespace deltarule
