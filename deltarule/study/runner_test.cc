#include "deltarule/study/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "deltarule/base/error.h"
#include "deltarule/base/random.h"

namespace deltarule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Three clouds of bytes in 12 dimensions, an official test part behind them.
Dataset clouds() {
  Dataset data;
  data.name = "clouds";
  data.description = "Three clouds.";
  data.features = 12;
  data.classes = {"a", "b", "c"};
  data.training_count = 300;
  data.test_count = 60;
  data.files = {{"clouds.bin", "abc"}};
  std::vector<std::uint8_t> bytes;
  Random random(7, Stream::kSample);
  for (std::size_t row = 0; row < data.count(); ++row) {
    const std::size_t label = row % 3;
    data.labels.push_back(static_cast<std::uint16_t>(label));
    for (std::size_t i = 0; i < data.features; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(random.uniform(0, 90) + (i % 3 == label ? 60 : 0)));
    }
  }
  data.values = std::move(bytes);
  return data;
}

StudyFile small_study() {
  return parse_study_file(R"toml(
    name = "small"
    seeds = 3
    [defaults]
    batch = 20
    epochs = 4
    learning_rate = 0.1
    [[experiment]]
    name = "softmax"
    hidden = "none"
    [[experiment]]
    name = "tanh"
    hidden = "6:tanh"
    [[experiment]]
    name = "deep"
    hidden = "6:sigmoid,5:relu"
    momentum = 0.9
    epochs = 6
    patience = 2
    [[gradient_check]]
    hidden = "6:tanh"
    [[gradient_check]]
    hidden = "6:sigmoid,5:relu"
    [[paper_entry]]
    location = 'Input to Hidden (0, 0)'
    approximation = 1
    backprop = 1
    difference = 0
  )toml",
                          "small.toml");
}

StudyResult run(const StudyOptions& options, const StudyObserver& observer = {}) {
  return run_study(small_study(), clouds(), options, {}, observer);
}

std::size_t run_count(const StudyResult& result) {
  std::size_t count = 0;
  for (const ExperimentResult& experiment : result.experiments) count += experiment.runs.size();
  return count;
}

void expect_same_bits(const Model& a, const Model& b) {
  ASSERT_EQ(a.network.layers.size(), b.network.layers.size());
  for (std::size_t l = 0; l < a.network.layers.size(); ++l) {
    const Matrix<float>& x = a.network.layers[l].weights;
    const Matrix<float>& y = b.network.layers[l].weights;
    ASSERT_EQ(x.shape(), y.shape());
    for (std::size_t i = 0; i < x.rows(); ++i) {
      EXPECT_TRUE(std::equal(x.row(i).begin(), x.row(i).end(), y.row(i).begin()));
    }
  }
}

void expect_same_bits(const EpochRecord& a, const EpochRecord& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.train.loss, b.train.loss);
  EXPECT_EQ(a.train.accuracy, b.train.accuracy);
  EXPECT_EQ(a.validation.loss, b.validation.loss);
  EXPECT_EQ(a.validation.accuracy, b.validation.accuracy);
  EXPECT_EQ(a.penalty, b.penalty);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    EXPECT_EQ(a.layers[l].weight_norm, b.layers[l].weight_norm);
    EXPECT_EQ(a.layers[l].gradient_norm, b.layers[l].gradient_norm);
  }
}

void expect_same_bits(const StudyResult& a, const StudyResult& b) {
  ASSERT_EQ(a.experiments.size(), b.experiments.size());
  for (std::size_t e = 0; e < a.experiments.size(); ++e) {
    const ExperimentResult &x = a.experiments[e], &y = b.experiments[e];
    ASSERT_EQ(x.runs.size(), y.runs.size());
    for (std::size_t i = 0; i < x.runs.size(); ++i) {
      EXPECT_EQ(x.runs[i].seed, y.runs[i].seed);
      for (const std::string& metric : metric_names()) {
        if (metric == "seconds") continue;
        EXPECT_EQ(metric_of(x.runs[i], metric), metric_of(y.runs[i], metric)) << metric;
      }
      ASSERT_EQ(x.runs[i].history.size(), y.runs[i].history.size());
      for (std::size_t k = 0; k < x.runs[i].history.size(); ++k) {
        expect_same_bits(x.runs[i].history[k], y.runs[i].history[k]);
      }
    }
    ASSERT_TRUE(x.first_model && y.first_model);
    expect_same_bits(*x.first_model, *y.first_model);
  }
  ASSERT_EQ(a.gradient_checks.size(), b.gradient_checks.size());
  for (std::size_t i = 0; i < a.gradient_checks.size(); ++i) {
    EXPECT_EQ(a.gradient_checks[i].network, b.gradient_checks[i].network);
    EXPECT_EQ(a.gradient_checks[i].worst_relative_error, b.gradient_checks[i].worst_relative_error);
  }
}

TEST(Runner, GivesTheSameBitsAtOneTwoAndFourThreads) {
  const StudyResult one = run({.threads = 1});
  expect_same_bits(one, run({.threads = 2}));
  expect_same_bits(one, run({.threads = 4}));
}

TEST(Runner, RunsEveryExperimentWithEverySeedInOrder) {
  const StudyResult result = run({.threads = 2});
  ASSERT_EQ(result.experiments.size(), 3u);
  for (const ExperimentResult& experiment : result.experiments) {
    std::vector<std::uint64_t> seeds;
    for (const RunRecord& record : experiment.runs) {
      seeds.push_back(record.seed);
      EXPECT_EQ(record.history.size(), static_cast<std::size_t>(record.stopped_epoch));
      EXPECT_LE(record.stopped_epoch, experiment.experiment.options.epochs);
    }
    EXPECT_THAT(seeds, ElementsAre(1, 2, 3));
  }
  EXPECT_NE(result.experiments[1].runs[0].last.test.loss,
            result.experiments[1].runs[1].last.test.loss);
  EXPECT_FALSE(result.interrupted);
  EXPECT_FALSE(result.quick);
}

TEST(Runner, TrainsAsASingleRunDoes) {
  const StudyFile study = small_study();
  const StudyResult result = run({.threads = 2});
  ThreadTeam team(1);
  const deltarule::Run alone = perform_run(clouds(), study.experiments[2].options, 1, {}, team);
  const RunRecord& record = result.experiments[2].runs[0];
  EXPECT_EQ(record.last.test.loss, alone.last.test.loss);
  EXPECT_EQ(record.best.epoch, alone.best.epoch);
  expect_same_bits(*result.experiments[2].first_model, make_model(alone, clouds()));
  EXPECT_GT(record.last.test.accuracy, 0.5) << "three clear clouds are learned";
}

TEST(Runner, DescribesTheDataAndTheFirstSplit) {
  StudyResult begin;
  begin.notice = "a notice";
  begin.environment.commit = "1234";
  const StudyResult result = run_study(small_study(), clouds(), {}, begin, {});
  EXPECT_EQ(result.notice, "a notice");
  EXPECT_EQ(result.environment.commit, "1234");
  EXPECT_EQ(result.data_name, "clouds");
  EXPECT_EQ(result.data_files.at(0).sha256, "abc");
  EXPECT_EQ(result.split.train.size(), 240u);
  EXPECT_EQ(result.split.test.size(), 60u);
  ASSERT_EQ(result.class_counts.size(), 3u);
  EXPECT_EQ(result.class_counts[0][0] + result.class_counts[0][1], 100u);
  EXPECT_EQ(result.classes, clouds().classes);
}

TEST(Runner, ChecksGradientsAndThePapersEntries) {
  const StudyResult result = run({.only = {"softmax"}});
  ASSERT_EQ(result.gradient_checks.size(), 2u);
  EXPECT_EQ(result.gradient_checks[0].network, "12-6:tanh-3");
  EXPECT_TRUE(result.gradient_checks[0].passed) << result.gradient_checks[0].worst_relative_error;
  EXPECT_TRUE(result.gradient_checks[1].passed) << result.gradient_checks[1].worst_relative_error;
  ASSERT_EQ(result.report_entries.size(), 6u);
  for (const EntryCheck& entry : result.report_entries) EXPECT_LT(entry.difference, 1e-3);
}

TEST(Runner, KeepsToTheExperimentsThatAreNamed) {
  const StudyResult result = run({.only = {"deep", "softmax"}});
  ASSERT_EQ(result.experiments.size(), 2u);
  EXPECT_EQ(result.experiments[0].experiment.name, "softmax");
  EXPECT_EQ(result.experiments[1].experiment.name, "deep");
}

TEST(Runner, NamesTheNearestExperimentForAnUnknownOne) {
  try {
    run({.only = {"softmex"}});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("softmax"));
  }
}

TEST(Runner, IsQuickWithOneSeedAndFewEpochs) {
  const StudyResult result = run({.threads = 2, .quick = true});
  EXPECT_TRUE(result.quick);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.study.seeds, 1);
  for (const ExperimentResult& experiment : result.experiments) {
    ASSERT_EQ(experiment.runs.size(), 1u);
    EXPECT_EQ(experiment.runs[0].stopped_epoch, kQuickEpochs);
    EXPECT_EQ(experiment.experiment.options.epochs, kQuickEpochs);
  }
}

TEST(Runner, KeepsWhatIsFinishedWhenItIsStopped) {
  std::atomic<bool> stop{false};
  StudyObserver observer;
  observer.on_run_finished = [&](const StudyResult& result) { stop = run_count(result) >= 2; };
  observer.should_stop = [&] { return stop.load(); };
  const StudyResult result = run({.threads = 2}, observer);
  EXPECT_TRUE(result.interrupted);
  EXPECT_GE(run_count(result), 2u);
  EXPECT_LE(run_count(result), 3u) << "another thread may just have finished";
  for (const ExperimentResult& experiment : result.experiments) {
    for (const RunRecord& record : experiment.runs) {
      EXPECT_NE(record.outcome, Outcome::kInterrupted);
      EXPECT_EQ(record.seed, 1u) << "every experiment once before any of them twice";
    }
  }
}

TEST(Runner, StartsNothingWhenItIsStoppedAtOnce) {
  StudyObserver observer;
  observer.should_stop = [] { return true; };
  const StudyResult result = run({.threads = 2}, observer);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(run_count(result), 0u);
  EXPECT_TRUE(result.gradient_checks.empty());
}

TEST(Runner, ShowsEachFinishedRunAndIsIncompleteUntilTheLast) {
  std::vector<std::size_t> counts;
  std::vector<bool> interrupted;
  StudyObserver observer;
  observer.on_run_finished = [&](const StudyResult& result) {
    counts.push_back(run_count(result));
    interrupted.push_back(result.interrupted);
  };
  run({.threads = 4}, observer);
  EXPECT_THAT(counts, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(std::count(interrupted.begin(), interrupted.end(), true), 8);
  EXPECT_FALSE(interrupted.back());
}

TEST(Runner, ReportsProgressOneCallAtATime) {
  std::atomic<int> inside{0};
  std::size_t calls = 0;
  StudyObserver observer;
  observer.on_epoch = [&](const StudyProgress& progress) {
    EXPECT_EQ(++inside, 1);
    ++calls;
    EXPECT_EQ(progress.runs_total, 9u);
    EXPECT_LT(progress.runs_done, 9u);
    EXPECT_LE(progress.epoch.epoch, progress.epochs);
    EXPECT_EQ(progress.epochs, progress.experiment == "deep" ? 6 : 4);
    EXPECT_TRUE(std::isfinite(progress.seconds_left));
    EXPECT_GE(progress.seconds_left, 0);
    --inside;
  };
  const StudyResult result = run({.threads = 4}, observer);
  std::size_t epochs = 0;
  for (const ExperimentResult& experiment : result.experiments) {
    for (const RunRecord& record : experiment.runs) epochs += record.history.size();
  }
  EXPECT_EQ(calls, epochs);
}

TEST(Runner, StopsWithAnErrorWhenTheSplitDoesNotFitTheData) {
  StudyFile study = small_study();
  study.experiments[1].options.split = SplitMethod::kPaper;
  try {
    run_study(study, clouds(), {.threads = 2}, {}, {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("experiment tanh"));
  }
}

TEST(Metric, IsReadFromTheRunByName) {
  RunRecord record;
  record.stopped_epoch = 9;
  record.best_epoch = 6;
  record.seconds = 2.5;
  record.best = {6, {0.1, 0.2}, {0.3, 0.4}};
  record.last = {9, {0.5, 0.6}, {0.7, 0.8}};
  const std::vector<double> expected = {0.4, 0.3, 0.2, 0.1, 0.8, 0.7, 0.6, 0.5, 9, 6, 2.5};
  ASSERT_EQ(metric_names().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(metric_of(record, metric_names()[i]), expected[i]) << metric_names()[i];
  }
  EXPECT_EQ(metric_names()[0], "best.test_accuracy");
  EXPECT_THROW(metric_of(record, "best.test"), Error);
}

TEST(Compare, UsesTheSeedsThatBothExperimentsHave) {
  StudyResult result;
  result.experiments.resize(2);
  result.experiments[0].experiment.name = "x";
  result.experiments[1].experiment.name = "y";
  for (const std::uint64_t seed : {1, 2, 4}) {
    RunRecord record;
    record.seed = seed;
    record.stopped_epoch = static_cast<int>(10 * seed);
    result.experiments[0].runs.push_back(record);
  }
  for (const std::uint64_t seed : {2, 3, 4}) {
    RunRecord record;
    record.seed = seed;
    record.stopped_epoch = static_cast<int>(seed);
    result.experiments[1].runs.push_back(record);
  }
  const auto found = compare(result, {"?", "x", "y", "stopped_epoch", ""});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->difference.n, 2u);
  EXPECT_DOUBLE_EQ(found->difference.mean, (18 + 36) / 2.0);
  EXPECT_FALSE(compare(result, {"?", "x", "z", "stopped_epoch", ""}));
  result.experiments[1].runs.clear();
  EXPECT_FALSE(compare(result, {"?", "x", "y", "stopped_epoch", ""}));
}

}  // namespace
}  // namespace deltarule
