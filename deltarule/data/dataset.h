// A data set in memory: examples as rows, immutable once opened, shared by all threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace deltarule {

/// Height and width in pixels; both 0 when the features are not a picture.
struct ImageShape {
  std::size_t height = 0, width = 0;
  std::size_t pixels() const { return height * width; }
  bool operator==(const ImageShape&) const = default;
};

/// A file that the data came from.
struct SourceFile {
  std::string name;    ///< without its folder
  std::string sha256;  ///< of the decompressed bytes
};

struct LitPixels;

struct Dataset {
  std::string name;         ///< as a person calls it: "mnist", "flowers.csv"
  std::string description;  ///< one sentence: where it comes from
  ImageShape image;
  std::size_t features = 0;  ///< columns; image.pixels() for pictures
  /// Row-major (count, features). Pixels are bytes, 0 = background; anything else is float.
  std::variant<std::vector<std::uint8_t>, std::vector<float>> values;
  std::vector<std::uint16_t> labels;  ///< one per example, an index into classes
  std::vector<std::string> classes;
  std::vector<std::string> feature_names;  ///< empty, or one per feature

  /// Rows lie in this order: training part, official test part, the user's own validation file.
  std::size_t training_count = 0, test_count = 0, validation_count = 0;
  std::vector<SourceFile> files;

  /// The same pixels for the first layer that takes them as they are; null where that would not
  /// pay. `open_dataset` makes them; the results of a run do not need them.
  std::shared_ptr<const LitPixels> lit;

  std::size_t count() const { return training_count + test_count + validation_count; }
  bool is_bytes() const { return values.index() == 0; }
  /// Precondition: is_bytes().
  std::span<const std::uint8_t> bytes(std::size_t row) const {
    return {std::get<0>(values).data() + row * features, features};
  }
  /// Precondition: !is_bytes().
  std::span<const float> floats(std::size_t row) const {
    return {std::get<1>(values).data() + row * features, features};
  }
};

/// By value if all are whole numbers ("2" before "10"), otherwise in the order of their bytes.
void sort_class_names(std::vector<std::string>& names);

/// The hashes of all files that the data came from, in one text; empty if it came from none. Two
/// sets of the same name with the same content have the same examples.
std::string content_of(const Dataset& data);

/// `data` with the training part of `validation` behind it, as its validation part. Classes are
/// matched by name. Throws Error if features, image shape, value type or classes disagree.
Dataset with_validation(Dataset data, const Dataset& validation);

}  // namespace deltarule
