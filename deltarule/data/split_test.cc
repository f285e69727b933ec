#include "deltarule/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "deltarule/base/error.h"
#include "deltarule/data/catalog.h"
#include "deltarule/data/normalizer.h"

namespace deltarule {
namespace {

// Rows of one byte; the class of row i is i mod `classes`.
Dataset make_data(std::size_t training, std::size_t test, std::size_t classes,
                  std::size_t validation = 0) {
  Dataset data;
  data.name = "made";
  data.features = 1;
  data.training_count = training;
  data.test_count = test;
  data.validation_count = validation;
  std::vector<std::uint8_t> bytes(data.count());
  for (std::size_t i = 0; i < data.count(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i);
    data.labels.push_back(static_cast<std::uint16_t>(i % classes));
  }
  data.values = bytes;
  for (std::size_t c = 0; c < classes; ++c) data.classes.push_back(std::to_string(c));
  return data;
}

void expect_covers_all_rows_once(const Dataset& data, const Split& parts) {
  std::vector<std::uint32_t> rows = parts.train;
  rows.insert(rows.end(), parts.validation.begin(), parts.validation.end());
  rows.insert(rows.end(), parts.test.begin(), parts.test.end());
  std::sort(rows.begin(), rows.end());
  ASSERT_EQ(rows.size(), data.count());
  for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i], i);
}

TEST(Split, PaperIsThePermutationOfNumPyWithSeed69) {
  const Dataset data = make_data(60000, 10000, 10);
  const Split parts = split(data, {SplitMethod::kPaper}, 5);
  EXPECT_EQ(parts.train[0], 40823u);
  EXPECT_EQ(parts.train[1], 18085u);
  EXPECT_EQ(parts.train[2], 54584u);
  EXPECT_EQ(parts.train.size(), 48000u);
  EXPECT_EQ(parts.validation.size(), 12000u);
  expect_covers_all_rows_once(data, parts);
  EXPECT_EQ(parts.train, split(data, {SplitMethod::kPaper}, 6).train);
}

TEST(Split, PaperGivesTheThreeImagesOfTheReportOnRealMnist) {
  const char* const folder = std::getenv("DELTARULE_DATA");
  if (folder == nullptr ||
      !std::filesystem::is_directory(std::filesystem::path(folder) / "mnist")) {
    GTEST_SKIP() << "no MNIST in $DELTARULE_DATA";
  }
  const Dataset data = open_catalog(*find_in_catalog("mnist"));
  const Split parts = split(data, {SplitMethod::kPaper}, 1);
  const int labels[] = {1, 6, 9};
  const double means[] = {.07959, .11058, .19310}, deviations[] = {.24883, .28719, .36961};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t row = parts.train[i];
    EXPECT_EQ(data.labels[row], labels[i]);
    const Normalizer fitted = fit_normalizer(Normalization::kGlobal, data, {&row, 1});
    // The report divides by 256 and truncates to five digits.
    EXPECT_EQ(static_cast<int>(fitted.mean[0] / 256 * 1e5), std::lround(means[i] * 1e5));
    EXPECT_EQ(static_cast<int>(fitted.deviation[0] / 256 * 1e5), std::lround(deviations[i] * 1e5));
  }
}

TEST(Split, PaperRefusesDataThatIsNotShapedAsMnist) {
  EXPECT_THROW(split(make_data(50000, 10000, 10), {SplitMethod::kPaper}, 1), Error);
  EXPECT_THROW(split(make_data(60000, 0, 10), {SplitMethod::kPaper}, 1), Error);
  EXPECT_THROW(split(make_data(60000, 10000, 10, 10), {SplitMethod::kPaper}, 1), Error);
}

TEST(Split, StratifiedDividesEachClassInProportionAndTheTotalsAreRight) {
  Dataset data = make_data(1000, 0, 4);
  for (std::size_t i = 0; i < 1000; ++i) {  // 507, 293, 137 and 63 of the classes
    data.labels[i] = static_cast<std::uint16_t>((i >= 507) + (i >= 800) + (i >= 937));
  }
  const Split parts = split(data, {SplitMethod::kStratified, 0.2, 0.15}, 3);
  expect_covers_all_rows_once(data, parts);
  EXPECT_EQ(parts.validation.size(), 200u);
  EXPECT_EQ(parts.test.size(), 150u);
  const double sizes[] = {507, 293, 137, 63};
  const auto counts = class_counts(data, parts);
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(static_cast<double>(counts[c][1]), 0.2 * sizes[c], 1) << c;
    EXPECT_NEAR(static_cast<double>(counts[c][2]), 0.15 * sizes[c], 1) << c;
  }
}

TEST(Split, StratifiedGivesTheOddExamplesToTheLargestRemainders) {
  Dataset data = make_data(17, 3, 3);
  for (std::size_t i = 0; i < 17; ++i) {  // 3, 6 and 8: shares .9, 1.8 and 2.4 of five
    data.labels[i] = static_cast<std::uint16_t>((i >= 3) + (i >= 9));
  }
  const auto counts = class_counts(data, split(data, {SplitMethod::kStratified, 0.3}, 1));
  EXPECT_EQ(counts[0][1], 1u);
  EXPECT_EQ(counts[1][1], 2u);
  EXPECT_EQ(counts[2][1], 2u);
}

TEST(Split, StratifiedDependsOnTheSeedAndMixesTheClasses) {
  Dataset data = make_data(1000, 10, 2);
  for (std::size_t i = 0; i < 1000; ++i) data.labels[i] = i >= 500;
  const Split first = split(data, {}, 1), again = split(data, {}, 1), other = split(data, {}, 2);
  EXPECT_EQ(first.train, again.train);
  EXPECT_NE(first.train, other.train);
  // Sorted by class, the first hundred would be of one class.
  const auto ones = std::count_if(first.train.begin(), first.train.begin() + 100,
                                  [&](std::uint32_t row) { return data.labels[row] == 1; });
  EXPECT_GT(ones, 25);
  EXPECT_LT(ones, 75);
}

TEST(Split, AnOfficialTestPartStaysTheTest) {
  const Dataset data = make_data(100, 20, 5);
  for (const auto method : {SplitMethod::kStratified, SplitMethod::kOfficial}) {
    const Split parts = split(data, {method}, 1);
    expect_covers_all_rows_once(data, parts);
    EXPECT_EQ(parts.test.size(), 20u);
    EXPECT_EQ(parts.test.front(), 100u);
    EXPECT_EQ(parts.test.back(), 119u);
    EXPECT_EQ(parts.validation.size(), 20u);
  }
}

TEST(Split, OfficialCutsTheTailOfTheTrainingFile) {
  const Split parts = split(make_data(100, 0, 5), {SplitMethod::kOfficial, 0.2, 0.1}, 1);
  EXPECT_EQ(parts.train.size(), 70u);
  EXPECT_EQ(parts.validation.front(), 70u);
  EXPECT_EQ(parts.validation.back(), 89u);
  EXPECT_EQ(parts.test.front(), 90u);
}

TEST(Split, AUsersValidationFileIsTheValidationPart) {
  const Dataset data = make_data(100, 20, 5, 10);
  for (const auto method : {SplitMethod::kStratified, SplitMethod::kOfficial}) {
    const Split parts = split(data, {method}, 1);
    expect_covers_all_rows_once(data, parts);
    EXPECT_EQ(parts.train.size(), 100u);
    EXPECT_EQ(parts.validation.size(), 10u);
    EXPECT_EQ(parts.validation.front(), 120u);
  }
}

TEST(Split, RefusesFractionsThatLeaveNothing) {
  const Dataset data = make_data(100, 0, 5);
  for (const double fraction : {0.0, 1.0, -0.1, std::nan("")}) {
    EXPECT_THROW(split(data, {SplitMethod::kStratified, fraction, 0.2}, 1), Error) << fraction;
    EXPECT_THROW(split(data, {SplitMethod::kStratified, 0.2, fraction}, 1), Error) << fraction;
  }
  EXPECT_THROW(split(data, {SplitMethod::kStratified, 0.6, 0.4}, 1), Error);
  EXPECT_THROW(split(data, {SplitMethod::kStratified, 0.001, 0.2}, 1), Error);  // an empty part
}

TEST(Split, NamesTheClassThatAPartWouldLack) {
  Dataset data = make_data(100, 10, 2);
  for (std::size_t i = 0; i < 100; ++i) data.labels[i] = i >= 50;
  data.classes = {"cat", "dog"};
  try {
    split(data, {SplitMethod::kOfficial, 0.2}, 1);  // the tail holds dogs alone
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("class cat without a validation"), std::string::npos)
        << error.what();
  }
  data.classes.push_back("eel");
  EXPECT_THROW(split(data, {}, 1), Error);
}

TEST(Split, CountsTheTestRowsThatAlsoStandInTraining) {
  Dataset data = make_data(6, 0, 2);
  data.features = 2;
  data.values = std::vector<std::uint8_t>{1, 2, 3, 4, 1, 2, 2, 1, 3, 4, 3, 4};
  EXPECT_EQ(count_duplicates(data, {0, 1}, {2, 3, 4, 5}), 3u);
  data.values = std::vector<float>{1, 2, 3, 4, 1, 2, 2, 1, 3, 4, 3, 4.5f};
  EXPECT_EQ(count_duplicates(data, {0, 1}, {2, 3, 4, 5}), 2u);
  EXPECT_EQ(count_duplicates(data, {3}, {0, 1, 2}), 0u);
}

}  // namespace
}  // namespace deltarule
