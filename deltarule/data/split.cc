#include "deltarule/data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "deltarule/base/error.h"
#include "deltarule/base/random.h"

namespace deltarule {
namespace {

using Rows = std::vector<std::uint32_t>;

constexpr std::size_t kPaperRows = 60000, kPaperTrain = 48000;

Rows row_range(std::size_t first, std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  return rows;
}

void check_fractions(const Dataset& data, const SplitOptions& options) {
  const auto check = [&](const char* name, double fraction) {
    if (fraction > 0 && fraction < 1) return;
    throw Error({std::string("the ") + name + " is out of range", data.name, "above 0 and below 1",
                 std::to_string(fraction), "choose a fraction such as 0.2"});
  };
  check("validation fraction", options.validation_fraction);
  check("test fraction", options.test_fraction);
  if (data.test_count == 0 && data.validation_count == 0) {
    check("sum of the validation and test fractions",
          options.validation_fraction + options.test_fraction);
  }
}

// numpy.random.RandomState(69).permutation(60000): MT19937 seeded by Knuth's recurrence, as
// std::mt19937 is, and the shuffle that NumPy keeps for old seeds: from the end, each index drawn
// by masking to the next power of two and rejecting what is too large.
Rows paper_permutation() {
  std::mt19937 generator(69);
  Rows rows = row_range(0, kPaperRows);
  for (std::uint32_t i = kPaperRows - 1; i > 0; --i) {
    std::uint32_t mask = i;
    for (int shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
    std::uint32_t j = 0;
    do {
      j = static_cast<std::uint32_t>(generator()) & mask;
    } while (j > i);
    std::swap(rows[i], rows[j]);
  }
  return rows;
}

Split split_as_paper(const Dataset& data) {
  if (data.training_count != kPaperRows || data.test_count == 0 || data.validation_count != 0) {
    throw Error({"the report's split does not fit this data set", data.name,
                 "60000 training examples and an official test part, as MNIST has them",
                 std::to_string(data.training_count) + " training, " +
                     std::to_string(data.test_count) + " test and " +
                     std::to_string(data.validation_count) + " validation examples",
                 "use the stratified split"});
  }
  const Rows rows = paper_permutation();
  Split result;
  result.train.assign(rows.begin(), rows.begin() + kPaperTrain);
  result.validation.assign(rows.begin() + kPaperTrain, rows.end());
  return result;
}

std::size_t rounded(double number) { return static_cast<std::size_t>(std::lround(number)); }

Rows take_tail(Rows& rows, std::size_t count) {
  const std::size_t left = rows.size() - std::min(count, rows.size());
  Rows tail(rows.begin() + static_cast<std::ptrdiff_t>(left), rows.end());
  rows.resize(left);
  return tail;
}

// How many of each class to draw so that the whole is drawn right: the whole part of each class's
// share, and one more for those whose shares were cut most (largest remainders; ties to the class
// named first).
std::vector<std::size_t> apportion(const std::vector<std::size_t>& counts, double fraction) {
  std::vector<std::size_t> quota(counts.size()), order(counts.size());
  std::vector<double> remainder(counts.size());
  std::size_t all = 0, drawn = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double share = fraction * static_cast<double>(counts[c]);
    quota[c] = static_cast<std::size_t>(share);
    remainder[c] = share - static_cast<double>(quota[c]);
    order[c] = c;
    all += counts[c];
    drawn += quota[c];
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  const std::size_t total = rounded(fraction * static_cast<double>(all));
  for (std::size_t i = 0; i < order.size() && drawn < total; ++i, ++drawn) ++quota[order[i]];
  return quota;
}

// Moves the first of each class, in the order of `rows`, out of it: `rows` is shuffled, so what is
// taken and what is left are random, and both stay mixed across classes.
Rows take_by_class(const Dataset& data, Rows& rows, std::vector<std::size_t> quota) {
  Rows taken, left;
  for (const std::uint32_t row : rows) {
    std::size_t& wanted = quota[data.labels[row]];
    (wanted > 0 ? taken : left).push_back(row);
    if (wanted > 0) --wanted;
  }
  rows = std::move(left);
  return taken;
}

const char* const kPartNames[] = {"training", "validation", "test"};

// A part that came as it is may lack a class; one that was drawn here may not.
void check_parts(const Dataset& data, const Split& split) {
  const Rows* const parts[] = {&split.train, &split.validation, &split.test};
  for (std::size_t p = 0; p < 3; ++p) {
    if (parts[p]->empty()) {
      throw Error({std::string("the split leaves the ") + kPartNames[p] + " part empty", data.name,
                   "at least one example in each part",
                   std::to_string(data.count()) + " examples in all",
                   "use more examples or other fractions"});
    }
  }
  const bool drawn[] = {true, data.validation_count == 0, data.test_count == 0};
  const auto counts = class_counts(data, split);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    for (std::size_t p = 0; p < 3; ++p) {
      if (!drawn[p] || counts[c][p] > 0) continue;
      throw Error(
          {"the split leaves class " + data.classes[c] + " without a " + kPartNames[p] + " example",
           data.name, "at least one example of each class in each part",
           std::to_string(counts[c][0] + counts[c][1] + counts[c][2]) +
               " examples of this class in all",
           "use more examples of it, larger fractions, or the stratified split"});
    }
  }
}

// Both fractions are of the whole training part, whichever is drawn first.
Split draw_split(const Dataset& data, const SplitOptions& options, std::uint64_t seed) {
  const bool stratified = options.method == SplitMethod::kStratified;
  Split result;
  result.train = row_range(0, data.training_count);
  std::vector<std::size_t> counts(data.classes.size());
  for (const std::uint32_t row : result.train) ++counts[data.labels[row]];
  Random random(seed, Stream::kSplit);
  if (stratified) shuffle(std::span(result.train), random);

  const auto take = [&](double fraction) {
    if (stratified) return take_by_class(data, result.train, apportion(counts, fraction));
    return take_tail(result.train, rounded(fraction * static_cast<double>(data.training_count)));
  };
  if (data.test_count == 0) result.test = take(options.test_fraction);
  if (data.validation_count == 0) result.validation = take(options.validation_fraction);
  return result;
}

std::string_view feature_bytes(const Dataset& data, std::uint32_t row) {
  if (data.is_bytes()) {
    const auto bytes = data.bytes(row);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  const auto floats = data.floats(row);
  return {reinterpret_cast<const char*>(floats.data()), floats.size_bytes()};
}

}  // namespace

Split split(const Dataset& data, const SplitOptions& options, std::uint64_t seed) {
  check_fractions(data, options);
  Split result = options.method == SplitMethod::kPaper ? split_as_paper(data)
                                                       : draw_split(data, options, seed);
  const std::size_t test_first = data.training_count;
  const std::size_t validation_first = test_first + data.test_count;
  if (data.test_count > 0) result.test = row_range(test_first, data.test_count);
  if (data.validation_count > 0) {
    result.validation = row_range(validation_first, data.validation_count);
  }
  check_parts(data, result);
  return result;
}

std::vector<std::array<std::size_t, 3>> class_counts(const Dataset& data, const Split& split) {
  std::vector<std::array<std::size_t, 3>> counts(data.classes.size());
  const Rows* const parts[] = {&split.train, &split.validation, &split.test};
  for (std::size_t p = 0; p < 3; ++p) {
    for (const std::uint32_t row : *parts[p]) ++counts[data.labels[row]][p];
  }
  return counts;
}

std::size_t count_duplicates(const Dataset& data, const Rows& train, const Rows& test) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(train.size());
  for (const std::uint32_t row : train) seen.insert(feature_bytes(data, row));
  return static_cast<std::size_t>(std::count_if(test.begin(), test.end(), [&](std::uint32_t row) {
    return seen.contains(feature_bytes(data, row));
  }));
}

}  // namespace deltarule
