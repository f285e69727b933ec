#include "deltarule/report/option_text.h"

#include <gmock/gmock.h>

namespace deltarule {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OptionText, SaysOnlyInWhatAnExperimentDiffersFromMost) {
  std::vector<ExperimentResult> results(3);
  results[0].experiment.options.learning_rate = .001;
  results[0].experiment.options.momentum = .9;
  results[1].experiment.options.momentum = .9;
  std::vector<const ExperimentResult*> experiments;
  for (const ExperimentResult& result : results) experiments.push_back(&result);
  const auto common = common_options(experiments);
  EXPECT_THAT(common, Contains(NamedValue("momentum", "0.9")));
  EXPECT_THAT(differing_options(results[0].experiment.options, common),
              ElementsAre(NamedValue("learning_rate", "0.001")));
  EXPECT_THAT(differing_options(results[1].experiment.options, common), IsEmpty());
  EXPECT_THAT(differing_options(results[2].experiment.options, common),
              ElementsAre(NamedValue("momentum", "0")));
}

TEST(OptionText, TakesTheFirstOfEqualShares) {
  std::vector<ExperimentResult> results(2);
  results[0].experiment.options.batch = 64;
  EXPECT_THAT(common_options({&results[0], &results[1]}), Contains(NamedValue("batch", "64")));
}

}  // namespace
}  // namespace deltarule
