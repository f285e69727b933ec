#include "deltarule/report/picture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace deltarule {
namespace {

Layer<float> make_layer(std::size_t pixels, std::size_t units) {
  Layer<float> layer;
  layer.weights = Matrix<float>({pixels, units});
  return layer;
}

TEST(WeightsPicture, PutsZeroInTheMiddleAndTheStrongestAtTheEnds) {
  Layer<float> layer = make_layer(4, 1);
  layer.weights(0, 0) = -.5f;
  layer.weights(3, 0) = .5f;
  const WeightsPicture picture = weights_picture(layer, {2, 2});
  ASSERT_EQ(picture.shape, (ImageShape{4, 4}));  // a gap all around
  EXPECT_DOUBLE_EQ(picture.limit, .5);
  EXPECT_EQ(picture.levels[0], kGapLevel);
  EXPECT_EQ(picture.levels[1 * 4 + 1], 0);
  EXPECT_EQ(picture.levels[1 * 4 + 2], kZeroLevel);
  EXPECT_EQ(picture.levels[2 * 4 + 2], 2 * kZeroLevel);
}

TEST(WeightsPicture, ShowsNoMoreUnitsThanAsked) {
  const WeightsPicture picture = weights_picture(make_layer(4, 200), {2, 2}, 128);
  EXPECT_EQ(picture.units, 128u);
  EXPECT_EQ(picture.shape, (ImageShape{8 * 3 + 1, 16 * 3 + 1}));
}

TEST(WeightsPicture, IsAllZeroLevelForAnUntrainedLayerOfZeros) {
  const WeightsPicture picture = weights_picture(make_layer(1, 1), {1, 1});
  EXPECT_EQ(picture.levels[1 * 3 + 1], kZeroLevel);
}

TEST(DivergingFilters, HaveOneEntryForEachOfSeventeenLevelsAndTheGap) {
  const std::string markup = diverging_filters().markup;
  const std::string start = "tableValues=\"";
  const std::size_t at = markup.find(start) + start.size();
  const std::string table = markup.substr(at, markup.find('"', at) - at);
  EXPECT_EQ(std::count(table.begin(), table.end(), ' '), 17);
}

}  // namespace
}  // namespace deltarule
