#include "deltarule/data/dataset.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "deltarule/base/error.h"
#include "deltarule/data/lit_pixels.h"

namespace deltarule {
namespace {

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Of two whole numbers of any length.
bool is_less_number(std::string_view a, std::string_view b) {
  const bool a_negative = a.starts_with('-'), b_negative = b.starts_with('-');
  if (a_negative != b_negative) return a_negative;
  if (a_negative) return is_less_number(b.substr(1), a.substr(1));
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string features_text(const Dataset& data) {
  const std::string count = std::to_string(data.features);
  if (data.image == ImageShape{}) return count + " features";
  return count + " pixels, " + std::to_string(data.image.height) + "×" +
         std::to_string(data.image.width);
}

[[noreturn]] void throw_disagreement(const std::string& what, const Dataset& validation,
                                     const std::string& expected, const std::string& found) {
  throw Error({.what = "the validation data do not fit the training data: " + what,
               .where = validation.name,
               .expected = expected,
               .found = found});
}

void check_fit(const Dataset& data, const Dataset& validation) {
  if (data.validation_count != 0) {
    throw Error({.what = "the data already have a validation part", .where = data.name});
  }
  if (validation.training_count == 0) {
    throw Error({.what = "the validation data have no rows", .where = validation.name});
  }
  if (data.features != validation.features || data.image != validation.image) {
    throw_disagreement("other features", validation, features_text(data),
                       features_text(validation));
  }
  if (data.is_bytes() != validation.is_bytes()) {
    const auto text = [](bool bytes) { return bytes ? "bytes (pixels)" : "numbers"; };
    throw_disagreement("other values", validation, text(data.is_bytes()),
                       text(validation.is_bytes()));
  }
  if (data.feature_names.empty() || validation.feature_names.empty()) return;
  for (std::size_t i = 0; i < data.features; ++i) {
    if (data.feature_names[i] == validation.feature_names[i]) continue;
    throw_disagreement("feature " + std::to_string(i + 1) + " has another name", validation,
                       data.feature_names[i], validation.feature_names[i]);
  }
}

/// The index in data.classes of each class of `validation`.
std::vector<std::uint16_t> match_classes(const Dataset& data, const Dataset& validation) {
  std::vector<std::uint16_t> indices;
  for (const std::string& name : validation.classes) {
    const auto found = std::find(data.classes.begin(), data.classes.end(), name);
    indices.push_back(static_cast<std::uint16_t>(found - data.classes.begin()));
  }
  return indices;
}

}  // namespace

void sort_class_names(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  if (std::all_of(names.begin(), names.end(), is_whole_number)) {
    std::stable_sort(names.begin(), names.end(), is_less_number);
  }
}

std::string content_of(const Dataset& data) {
  std::string content;
  for (const SourceFile& file : data.files) content += (content.empty() ? "" : " ") + file.sha256;
  return content;
}

Dataset with_validation(Dataset data, const Dataset& validation) {
  check_fit(data, validation);
  const std::vector<std::uint16_t> indices = match_classes(data, validation);
  for (std::size_t row = 0; row < validation.training_count; ++row) {
    const std::uint16_t label = validation.labels[row];
    if (indices[label] == data.classes.size()) {
      throw_disagreement(
          "a class that training does not have", validation,
          "one of the " + std::to_string(data.classes.size()) + " classes of " + data.name,
          validation.classes[label]);
    }
    data.labels.push_back(indices[label]);
  }
  const auto append = [&](auto& values) {
    const auto& more = std::get<std::decay_t<decltype(values)>>(validation.values);
    values.insert(values.end(), more.begin(),
                  more.begin() +
                      static_cast<std::ptrdiff_t>(validation.training_count * validation.features));
  };
  std::visit(append, data.values);
  data.validation_count = validation.training_count;
  if (data.lit) data.lit = make_lit_pixels(data);
  data.files.insert(data.files.end(), validation.files.begin(), validation.files.end());
  return data;
}

}  // namespace deltarule
