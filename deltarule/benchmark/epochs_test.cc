#include "deltarule/benchmark/epochs.h"

#include <gtest/gtest.h>

#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"

namespace deltarule {
namespace {

TEST(Epochs, CountTheDenseProductsAndNoDeltasOfInputs) {
  EXPECT_EQ(dense_operations(parse_spec("784-10", "")), 4 * 784 * 10);
  EXPECT_EQ(dense_operations(parse_spec("784-128-10", "")), 4 * 784 * 128 + 6 * 128 * 10);
}

TEST(Epochs, OfALargeNetworkWholeBatchesAreTimedAndAtLeastFour) {
  const NetworkSpec spec = parse_spec("100-10", "");
  const double batch_seconds = 128 * dense_operations(spec) / 1e9;
  EXPECT_EQ(examples_within(10.5 * batch_seconds, spec, 48000, 1), 10 * 128u);
  EXPECT_EQ(examples_within(0, spec, 48000, 1), 4 * 128u);
  EXPECT_EQ(examples_within(0, spec, 300, 1), 300u);
  EXPECT_EQ(examples_within(1000 * batch_seconds, spec, 48000, 1), 48000u);
}

// What is timed, and how it is counted. How long it takes is no claim that a test could hold.
class EpochTimesTest : public testing::Test {
 protected:
  Dataset data_ = make_synthetic_digits(700);
  NetworkSpec spec_ = parse_spec("784-16-10", "");
};

TEST_F(EpochTimesTest, LeavesTheFirstEpochOutAndTrains) {
  data_.lit = make_lit_pixels(data_);
  int epochs_heard = 0;
  const EpochTimes times = time_epochs({spec_, data_, 600, 600, 1, 3, 0.5},
                                       [&](int epoch) { epochs_heard = epoch; }, {});
  ASSERT_EQ(times.milliseconds.size(), 3u);
  for (const double milliseconds : times.milliseconds) EXPECT_GT(milliseconds, 0);
  EXPECT_EQ(epochs_heard, 4);
  EXPECT_GT(times.accuracy, 0.3);
}

TEST_F(EpochTimesTest, KeepsWhatWasTimedBeforeAnInterruption) {
  int epochs_heard = 0;
  const EpochTimes times = time_epochs(
      {spec_, data_, 600, 600, 1, 100, 0}, [&](int epoch) { epochs_heard = epoch; },
      [&] { return epochs_heard == 3; });
  EXPECT_EQ(times.milliseconds.size(), 2u);
}

}  // namespace
}  // namespace deltarule
