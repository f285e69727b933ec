#include "app/description.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <numeric>

#include "app/console.h"
#include "app/text.h"
#include "deltarule/data/split.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

std::string shape_text(const std::vector<std::size_t>& sizes) {
  std::vector<std::string> parts;
  for (const std::size_t size : sizes) parts.push_back(std::to_string(size));
  return joined(parts, " × ");
}

template <class T>
std::pair<double, double> range_of(const std::vector<T>& values) {
  if (values.empty()) return {0, 0};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {static_cast<double>(*low), static_cast<double>(*high)};
}

std::vector<std::uint32_t> rows_between(std::size_t first, std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  return rows;
}

}  // namespace

Description describe(const Dataset& data) {
  const std::size_t official = data.training_count;
  const auto [low, high] =
      std::visit([](const auto& values) { return range_of(values); }, data.values);
  const std::vector<std::uint32_t> train = rows_between(0, official);
  const std::vector<std::uint32_t> test = rows_between(official, data.test_count);
  const std::size_t duplicates = data.test_count > 0 ? count_duplicates(data, train, test) : 0;
  const auto counts = class_counts(data, {train, {}, test});

  Table table("ll");
  table.add({"data", data.name + ": " + data.description});
  table.add({"examples",
             with_commas(data.training_count) +
                 (data.test_count > 0 ? " to train, " + with_commas(data.test_count) + " to test"
                                      : std::string(", no official test part"))});
  const bool picture = data.image.pixels() > 0;
  table.add({"shape", picture ? shape_text({data.image.height, data.image.width}) + " pixels"
                              : counted(data.features, "feature", "features")});
  table.add(
      {"values", formatted("%s, %g to %g", data.is_bytes() ? "bytes" : "numbers", low, high)});
  if (data.test_count > 0) {
    table.add({"duplicates", counted(duplicates, "test example is", "test examples are") +
                                 " also among the training examples"});
  }
  Table classes("lrr");
  classes.add({"class", "train", "test"});
  Json class_list = Json::array();
  for (std::size_t c = 0; c < data.classes.size(); ++c) {
    classes.add({data.classes[c], with_commas(counts[c][0]), with_commas(counts[c][2])});
    class_list.push_back(
        {{"name", data.classes[c]}, {"train", counts[c][0]}, {"test", counts[c][2]}});
  }
  Table hashes("ll");
  Json files = Json::array();
  for (const SourceFile& file : data.files) {
    hashes.add({file.name, file.sha256});
    files.push_back({{"name", file.name}, {"sha256", file.sha256}});
  }
  std::string text = table.text() + "\n" + classes.text();
  if (!data.files.empty()) text += "\nSHA-256 of the unpacked files\n" + hashes.text();
  const Json json = {{"kind", "dataset"},
                     {"name", data.name},
                     {"description", data.description},
                     {"train", data.training_count},
                     {"test", data.test_count},
                     {"features", data.features},
                     {"height", data.image.height},
                     {"width", data.image.width},
                     {"type", data.is_bytes() ? "bytes" : "numbers"},
                     {"least", low},
                     {"most", high},
                     {"duplicates", duplicates},
                     {"classes", class_list},
                     {"files", files}};
  return {text, json_text(json)};
}

Description describe(const IdxArray& array, const std::string& name, const std::string& hash) {
  const auto [low, high] = range_of(array.elements);
  const bool labels = array.sizes.size() == 1;
  Table table("ll");
  table.add({"file", name + (labels ? ": IDX labels" : ": IDX array without labels")});
  table.add({"shape", shape_text(array.sizes)});
  table.add({"values", formatted("bytes, %g to %g", low, high)});
  table.add({"SHA-256", hash});
  std::string text = table.text();
  Json json = {{"kind", labels ? "labels" : "array"},
               {"name", name},
               {"sizes", array.sizes},
               {"least", low},
               {"most", high},
               {"sha256", hash}};
  if (labels) {
    std::array<std::size_t, 256> counts{};
    for (const std::uint8_t label : array.elements) ++counts[label];
    Table classes("rr");
    classes.add({"label", "count"});
    for (std::size_t label = 0; label < counts.size(); ++label) {
      if (counts[label] == 0) continue;
      classes.add({std::to_string(label), with_commas(counts[label])});
      json["counts"][std::to_string(label)] = counts[label];
    }
    text += "\n" + classes.text();
  }
  return {text, json_text(json)};
}

Description describe(const Image& image, const std::string& name) {
  const auto [low, high] = range_of(image.pixels);
  const double sum = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0);
  const double mean = sum / static_cast<double>(std::max<std::size_t>(image.pixels.size(), 1));
  Table table("ll");
  table.add({"file", name + ": a PNG picture"});
  table.add({"shape", shape_text({image.shape.height, image.shape.width}) + " pixels"});
  table.add({"values", formatted("gray, %g to %g, mean %.1f", low, high, mean)});
  const Json json = {{"kind", "picture"},
                     {"name", name},
                     {"height", image.shape.height},
                     {"width", image.shape.width},
                     {"least", low},
                     {"most", high},
                     {"mean", mean}};
  return {table.text(), json_text(json)};
}

Description describe(const Model& model, const std::string& name) {
  const NetworkSpec& spec = model.network.spec;
  Table table("ll");
  table.add({"file", name + ": a trained network"});
  table.add({"network",
             to_text(spec) + ", " + counted(spec.parameter_count(), "parameter", "parameters")});
  table.add({"inputs", model.image.pixels() > 0
                           ? shape_text({model.image.height, model.image.width}) + " pixels"
                           : counted(spec.inputs, "feature", "features")});
  table.add({"classes", joined(model.classes, ", ")});
  Json json = {{"kind", "model"},
               {"name", name},
               {"network", to_text(spec)},
               {"parameters", spec.parameter_count()},
               {"classes", model.classes}};
  for (const auto& [key, value] : model.about) {
    table.add({key, value});
    json["about"][key] = value;
  }
  return {table.text(), json_text(json)};
}

}  // namespace deltarule::app
