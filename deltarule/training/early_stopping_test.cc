#include "deltarule/training/early_stopping.h"

#include <gtest/gtest.h>

#include <limits>

#include "deltarule/base/error.h"
#include "deltarule/training/schedule.h"

namespace deltarule {
namespace {

TEST(EarlyStopping, StopsAfterPatienceEpochsWithoutAnImprovement) {
  EarlyStopping stopping(3, 0);
  EXPECT_TRUE(stopping.record(1, 1.0));
  EXPECT_TRUE(stopping.record(2, 0.5));
  EXPECT_FALSE(stopping.record(3, 0.5));  // equal is no improvement
  EXPECT_FALSE(stopping.record(4, 0.6));
  EXPECT_FALSE(stopping.should_stop(4));
  stopping.record(5, 0.6);
  EXPECT_TRUE(stopping.should_stop(5));
  EXPECT_EQ(stopping.best_epoch(), 2);
}

TEST(EarlyStopping, KeepsASmallImprovementThatDoesNotRenewPatience) {
  EarlyStopping stopping(2, 0.1);
  stopping.record(1, 1.0);
  EXPECT_TRUE(stopping.record(2, 0.95));
  EXPECT_TRUE(stopping.record(3, 0.94));
  EXPECT_TRUE(stopping.should_stop(3));
  EXPECT_EQ(stopping.best_epoch(), 3);
}

TEST(EarlyStopping, NeverStopsWithoutPatience) {
  EarlyStopping stopping(0, 0);
  for (int epoch = 1; epoch < 100; ++epoch) {
    stopping.record(epoch, epoch);
    EXPECT_FALSE(stopping.should_stop(epoch));
  }
}

TEST(EarlyStopping, TakesNoLossThatIsNotANumberForTheBest) {
  EarlyStopping stopping(1, 0);
  EXPECT_FALSE(stopping.record(1, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(stopping.best_epoch(), 0);
}

TEST(Schedule, FollowsItsFormula) {
  const Schedule step = parse_schedule("step:10:0.5", "test");
  EXPECT_DOUBLE_EQ(learning_rate(step, 0.8, 1, 100), 0.8);
  EXPECT_DOUBLE_EQ(learning_rate(step, 0.8, 10, 100), 0.8);
  EXPECT_DOUBLE_EQ(learning_rate(step, 0.8, 11, 100), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(step, 0.8, 31, 100), 0.1);
  const Schedule cosine = parse_schedule("cosine", "test");
  EXPECT_DOUBLE_EQ(learning_rate(cosine, 0.8, 1, 10), 0.8);
  EXPECT_NEAR(learning_rate(cosine, 0.8, 6, 10), 0.4, 1e-15);
  EXPECT_DOUBLE_EQ(learning_rate(parse_schedule("constant", "test"), 0.8, 99, 100), 0.8);
}

TEST(Schedule, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"", "cosin", "step", "step:", "step:10", "step:0:0.5", "step:10:0",
                           "step:10:2", "step:10:nan", "step:10:0.5:1"}) {
    EXPECT_THROW(parse_schedule(text, "--schedule"), Error) << text;
  }
}

}  // namespace
}  // namespace deltarule
