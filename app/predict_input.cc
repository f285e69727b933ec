#include "app/predict_input.h"

#include <filesystem>
#include <iostream>
#include <iterator>

#include "app/feature_table.h"
#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/data/idx.h"
#include "deltarule/data/image.h"

namespace deltarule::app {
namespace {

std::string read_standard_input() {
  std::string bytes;
  std::vector<char> block(1 << 16);
  while (std::cin.read(block.data(), static_cast<std::streamsize>(block.size())),
         std::cin.gcount() > 0) {
    bytes.append(block.data(), static_cast<std::size_t>(std::cin.gcount()));
    if (bytes.size() > kMostFileBytes) {
      throw Error({.what = "standard input is too large",
                   .where = "standard input",
                   .expected = "at most " + with_commas(kMostFileBytes) + " bytes"});
    }
  }
  return bytes;
}

std::string shape_text(ImageShape shape) {
  return formatted("%zu × %zu pixels", shape.height, shape.width);
}

Dataset from_picture(const Model& model, const std::string& bytes, const std::string& name,
                     bool as_is) {
  const Image image = decode_png(bytes, name);
  if (model.image.pixels() == 0) {
    throw Error({.what = "this model does not take pictures",
                 .where = name,
                 .expected = counted(model.network.spec.inputs, "feature", "features") + " as CSV",
                 .found = "a PNG picture",
                 .next = "give it a CSV file like that on which it was trained"});
  }
  if (as_is && image.shape != model.image) {
    throw Error({.what = "the picture is not of the model's size",
                 .where = name,
                 .expected = shape_text(model.image),
                 .found = shape_text(image.shape),
                 .next = "leave --as-is out, and it is scaled and centered as a digit"});
  }
  Image prepared = as_is ? image : prepare_digit(image, model.image);
  Dataset data;
  data.name = name;
  data.image = model.image;
  data.features = model.image.pixels();
  data.training_count = 1;
  data.values = std::move(prepared.pixels);
  return data;
}

Dataset from_idx(IdxArray array, const std::string& name) {
  if (array.sizes.size() < 2) {
    throw Error({.what = "these are labels, not examples",
                 .where = name,
                 .expected = "an IDX file of images or of vectors"});
  }
  Dataset data;
  data.name = name;
  data.training_count = array.sizes[0];
  data.features = array.sizes[1];
  for (std::size_t d = 2; d < array.sizes.size(); ++d) data.features *= array.sizes[d];
  if (array.sizes.size() == 3) data.image = {array.sizes[1], array.sizes[2]};
  data.values = std::move(array.elements);
  return data;
}

}  // namespace

PredictInput read_predict_input(const Model& model, const std::string& source, bool as_is,
                                const DataFlags& flags, Console& console) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool from_stdin = source == "-";
  PredictInput input;
  if (!from_stdin && (fs::is_directory(source, ignored) || !fs::exists(source, ignored))) {
    input.data = flags.open(source, console);
    input.labelled = input.data.classes == model.classes;
    if (!input.labelled) input.data.labels.clear();
  } else {
    const std::string name = from_stdin ? "standard input" : source;
    std::string bytes = from_stdin ? read_standard_input() : read_unpacked_file(source);
    if (from_stdin && is_gzip(bytes)) bytes = gunzip(bytes, name);
    if (bytes.empty()) {
      throw Error({.what = "the input is empty",
                   .where = name,
                   .expected = "a PNG picture, an IDX file or a CSV table"});
    }
    if (bytes.starts_with("\x89PNG")) {
      input.data = from_picture(model, bytes, name, as_is);
    } else if (bytes[0] == 0) {
      input.data = from_idx(parse_idx(bytes, name), name);
    } else {
      input.data = parse_feature_rows(bytes, name, model, flags.label());
    }
  }
  require_same_shape(model, input.data);
  return input;
}

}  // namespace deltarule::app
