#include "deltarule/checking/preflight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "deltarule/base/error.h"
#include "deltarule/base/random.h"

namespace deltarule {
namespace {

constexpr std::size_t kFeatures = 6, kExamples = 400;

/// Two classes, drawn around two points.
Dataset make_blobs(std::uint64_t seed = 5) {
  Dataset data;
  data.name = "blobs";
  data.features = kFeatures;
  data.classes = {"left", "right"};
  data.training_count = kExamples;
  Random random(seed, Stream::kSample);
  std::vector<float>& values = data.values.emplace<std::vector<float>>();
  for (std::size_t i = 0; i < kExamples; ++i) {
    data.labels.push_back(static_cast<std::uint16_t>(i % 2));
    for (std::size_t j = 0; j < kFeatures; ++j) {
      values.push_back(static_cast<float>(random.normal() + (i % 2 == 0 ? -1 : 1)));
    }
  }
  return data;
}

RunOptions make_options(const std::string& hidden = "12:tanh") {
  RunOptions options;
  options.hidden = hidden;
  options.normalize = Normalization::kPerFeature;
  return options;
}

const PreflightCheck& find(const std::vector<PreflightCheck>& checks, const std::string& name) {
  for (const PreflightCheck& check : checks) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << name << " is not there";
  return checks.front();
}

TEST(Preflight, PassesNetworksThatLearnForTheRightReasons) {
  const Dataset data = make_blobs();
  for (const std::string hidden :
       {"none", "12:tanh", "12:sigmoid", "12:relu", "12:sigmoid,8:relu"}) {
    for (const std::uint64_t seed : {1, 2}) {
      for (const PreflightCheck& check : preflight(data, make_options(hidden), seed)) {
        EXPECT_TRUE(check.passed) << hidden << ", seed " << seed << ": " << check.name
                                  << ", expected " << check.expected << ", found " << check.found;
      }
    }
  }
}

TEST(Preflight, SaysInOrderWhatEachCheckExpectedAndFound) {
  const std::vector<PreflightCheck> checks = preflight(make_blobs(), make_options(), 1);
  std::vector<std::string> names;
  for (const PreflightCheck& check : checks) {
    names.push_back(check.name);
    EXPECT_FALSE(check.expected.empty() || check.found.empty() || check.why.empty());
  }
  EXPECT_THAT(names, testing::ElementsAre("loss at initialization", "one small batch",
                                          "input-blind baseline", "more penalty"));
  EXPECT_EQ(checks[0].expected, "ln 2 = 0.6931, at most 0.5 less or 0.5 more");
}

TEST(Preflight, GivesTheSameAnswersForTheSameSeed) {
  const Dataset data = make_blobs();
  const std::vector<PreflightCheck> first = preflight(data, make_options(), 7);
  const std::vector<PreflightCheck> second = preflight(data, make_options(), 7);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].found, second[i].found);
}

TEST(Preflight, FailsAnInitializerThatIsSureBeforeItHasLearned) {
  RunOptions options = make_options();
  options.initializer = "normal:4";
  EXPECT_FALSE(find(preflight(make_blobs(), options, 1), "loss at initialization").passed);
}

TEST(Preflight, FailsAHiddenLayerWhoseUnitsBeginAlike) {
  RunOptions options = make_options();
  options.initializer = "zeros";
  const std::vector<PreflightCheck> checks = preflight(make_blobs(), options, 1);
  EXPECT_TRUE(find(checks, "loss at initialization").passed);
  EXPECT_FALSE(find(checks, "one small batch").passed);
  EXPECT_FALSE(find(checks, "input-blind baseline").passed);
}

TEST(Preflight, FailsLabelsThatDoNotBelongToTheExamples) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    Dataset data = make_blobs();
    Random random(seed, Stream::kSample, 1);
    shuffle(std::span(data.labels), random);
    const std::vector<PreflightCheck> checks = preflight(data, make_options(), seed);
    const PreflightCheck& baseline = find(checks, "input-blind baseline");
    EXPECT_FALSE(baseline.passed) << baseline.expected << ", found " << baseline.found;
    // Learning by heart needs no sense in the labels.
    EXPECT_TRUE(find(checks, "one small batch").passed) << find(checks, "one small batch").found;
  }
}

TEST(Preflight, FailsInputsThatSayNothing) {
  Dataset data = make_blobs();
  std::vector<float>& values = std::get<std::vector<float>>(data.values);
  std::fill(values.begin(), values.end(), 3.0f);
  const std::vector<PreflightCheck> checks = preflight(data, make_options(), 1);
  EXPECT_FALSE(find(checks, "one small batch").passed);
  EXPECT_FALSE(find(checks, "input-blind baseline").passed);
}

TEST(Preflight, DoesNotAskForEqualInputsToBeToldApart) {
  // Twenty rows, each there ten times for either class: no network can fit both.
  Dataset data = make_blobs();
  std::vector<float>& values = std::get<std::vector<float>>(data.values);
  for (std::size_t i = 20 * kFeatures; i < values.size(); ++i)
    values[i] = values[i - 20 * kFeatures];
  for (std::size_t i = 0; i < kExamples; ++i) {
    data.labels[i] = static_cast<std::uint16_t>(i / 20 % 2);
  }
  const std::vector<PreflightCheck> checks = preflight(data, make_options(), 1);
  EXPECT_TRUE(find(checks, "one small batch").passed) << find(checks, "one small batch").found;
  EXPECT_FALSE(find(checks, "input-blind baseline").passed);
}

TEST(Preflight, UsesTheOptionsOwnPenalty) {
  RunOptions options = make_options();
  options.l1 = 0.25;
  const std::vector<PreflightCheck> checks = preflight(make_blobs(), options, 1);
  EXPECT_TRUE(find(checks, "more penalty").passed);
  EXPECT_THAT(find(checks, "more penalty").expected, testing::HasSubstr("l1 = 0.25, l2 = 0 "));
}

TEST(Preflight, RefusesOptionsThatDoNotFit) {
  EXPECT_THROW(preflight(make_blobs(), make_options("12:cube"), 1), Error);
  RunOptions options = make_options();
  options.initializer = "ones";
  EXPECT_THROW(preflight(make_blobs(), options, 1), Error);
}

}  // namespace
}  // namespace deltarule
