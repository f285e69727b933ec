#include <algorithm>
#include <cmath>

#include "deltarule/report/number_text.h"
#include "deltarule/report/picture.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

struct Moments {
  double mean = 0, deviation = 0;
};

/// Of the pixels divided by `unit`; population deviation, as the report has it.
Moments moments_of(std::span<const std::uint8_t> pixels, double unit) {
  double sum = 0, squares = 0;
  for (const std::uint8_t pixel : pixels) {
    sum += pixel;
    squares += static_cast<double>(pixel) * pixel;
  }
  const auto n = static_cast<double>(pixels.size());
  const double mean = sum / n;
  return {mean / unit, std::sqrt(std::max(0.0, squares / n - mean * mean)) / unit};
}

/// The report cuts digits off instead of rounding.
std::string truncated(double x) { return decimal_text(std::floor(x * 1e5) / 1e5, 5); }

std::string letter(std::size_t i) {
  return i < 26 ? std::string(1, static_cast<char>('A' + i)) : std::to_string(i + 1);
}

}  // namespace

Html sample_section(const StudyResult& result, const Dataset& data) {
  const auto count = std::min(static_cast<std::size_t>(std::max(0, result.study.sample_images)),
                              result.split.train.size());
  if (count == 0 || data.image.pixels() == 0 || !data.is_bytes()) return {};
  Html pictures;
  Table table;
  table.name = "sample-images";
  table.caption = "Mean and standard deviation of the pixels";
  table.columns = {{"Image"},
                   {"Label", true},
                   {"Mean, ÷ 256", true},
                   {"Deviation, ÷ 256", true},
                   {"Mean, ÷ 255", true},
                   {"Deviation, ÷ 255", true},
                   {"Row of the training file", true}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t row = result.split.train[i];
    const std::string& label = data.classes[data.labels[row]];
    const Moments by_256 = moments_of(data.bytes(row), 256),
                  by_255 = moments_of(data.bytes(row), 255);
    pictures += tag("figure", {{"class", "sample"}},
                    example_picture(data, row, "Image " + letter(i) + ", label " + label) +
                        tag("figcaption", tag("b", text(letter(i))) + text(" label " + label)));
    table.rows.push_back({text(letter(i)), text(label), text(truncated(by_256.mean)),
                          text(truncated(by_256.deviation)), text(truncated(by_255.mean)),
                          text(truncated(by_255.deviation)), text(count_text(row))});
  }
  return section(
      "samples", "The first images",
      paragraphs("The first " + count_of(count, "image") +
                 " of the training part, which the report shows in its Figure 1 and describes in "
                 "its Table 1. Its figures are of pixels divided by 256 and are cut off, not "
                 "rounded, after five digits; a byte’s greatest value is 255. The z-score of an "
                 "image is the same either way.") +
          styled("div", "samples", pictures) + render(table));
}

}  // namespace deltarule
