#include "deltarule/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deltarule/base/testing.h"

namespace deltarule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Rows of two features, one per label.
Dataset table(std::vector<std::string> classes, std::vector<std::uint16_t> labels) {
  Dataset data;
  data.name = "table";
  data.features = 2;
  data.training_count = labels.size();
  std::vector<float> values;
  for (std::size_t i = 0; i < 2 * labels.size(); ++i) values.push_back(static_cast<float>(i));
  data.values = values;
  data.labels = std::move(labels);
  data.classes = std::move(classes);
  data.files = {{"file", "hash"}};
  return data;
}

TEST(WithValidation, AppendsTheTrainingPartAndMatchesClassesByName) {
  Dataset validation = table({"b", "unused", "a"}, {2, 0, 0});
  validation.training_count = 2;
  validation.test_count = 1;
  const Dataset data = with_validation(table({"a", "b"}, {0, 1, 0}), validation);
  EXPECT_EQ(data.training_count, 3u);
  EXPECT_EQ(data.validation_count, 2u);
  EXPECT_EQ(data.count(), 5u);
  EXPECT_THAT(data.labels, ElementsAre(0, 1, 0, 0, 1));
  EXPECT_THAT(data.floats(4), ElementsAre(2, 3));
  EXPECT_EQ(data.files.size(), 2u);
}

TEST(WithValidation, RefusesWhatDoesNotFit) {
  const Dataset data = table({"a", "b"}, {0, 1});
  const auto what = [&](const Dataset& validation) {
    return refusal_of([&] { with_validation(data, validation); }).what;
  };
  EXPECT_THAT(what(table({"a", "c"}, {0, 1})), HasSubstr("a class that training does not have"));
  EXPECT_THAT(what(table({"a", "b"}, {})), HasSubstr("no rows"));
  Dataset other = table({"a", "b"}, {0, 1});
  other.features = 1;
  EXPECT_THAT(what(other), HasSubstr("other features"));
  other = table({"a", "b"}, {0, 1});
  other.image = {1, 2};
  EXPECT_THAT(what(other), HasSubstr("other features"));
  other = table({"a", "b"}, {0, 1});
  other.values = std::vector<std::uint8_t>(4);
  EXPECT_THAT(what(other), HasSubstr("other values"));
  const Dataset twice = with_validation(data, data);
  EXPECT_THAT(refusal_of([&] { with_validation(twice, data); }).what, HasSubstr("already"));
}

TEST(WithValidation, RefusesColumnsInAnotherOrder) {
  Dataset data = table({"a", "b"}, {0, 1}), validation = data;
  data.feature_names = {"width", "height"};
  EXPECT_EQ(with_validation(data, validation).validation_count, 2u);
  validation.feature_names = {"height", "width"};
  EXPECT_THAT(refusal_of([&] { with_validation(data, validation); }).what,
              HasSubstr("feature 1 has another name"));
}

TEST(ClassNames, AreSortedAsNumbersOnlyIfAllAreNumbers) {
  std::vector<std::string> names = {"10", "9", "-2", "-10", "0", "123456789012345678901234567890"};
  sort_class_names(names);
  EXPECT_THAT(names, ElementsAre("-10", "-2", "0", "9", "10", "123456789012345678901234567890"));
  names = {"10", "9", "x", "B", "a"};
  sort_class_names(names);
  EXPECT_THAT(names, ElementsAre("10", "9", "B", "a", "x"));
}

}  // namespace
}  // namespace deltarule
