#include "deltarule/network/model_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/network/initializer.h"

namespace deltarule {
namespace {

Model small_model() {
  Model model;
  model.network =
      make_network(parse_spec("4-3:relu-2", "test"), parse_initializer("he", "test"), 1);
  model.network.layers[0].biases(0, 1) = 0.5f;
  model.normalizer = {Normalization::kPerFeature, {1, 2, 3, 4}, {1, 0, 1, 2}};
  model.classes = {"cat", "dög \"quoted\""};
  model.image = {2, 2};
  model.about = {{"seed", "1"}, {"weights", "best"}};
  return model;
}

/// The serialized model with its JSON header changed by `change`.
template <class Change>
std::string with_header(const Change& change) {
  const std::string bytes = serialize_model(small_model());
  std::size_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  nlohmann::json header = nlohmann::json::parse(bytes.substr(8, length));
  change(header);
  const std::string text = header.dump();
  std::string result;
  for (int shift = 0; shift < 64; shift += 8) {
    result += static_cast<char>(std::uint64_t{text.size()} >> shift & 0xff);
  }
  return result + text + bytes.substr(8 + length);
}

TEST(ModelFile, GivesBackWhatWasSaved) {
  const Model model = small_model();
  const auto path = std::filesystem::path(testing::TempDir()) / "model_file_test.safetensors";
  save_model(model, path);
  const Model loaded = load_model(path);
  EXPECT_EQ(loaded.network.spec, model.network.spec);
  EXPECT_EQ(loaded.network.layers[0].activation, Activation::kRelu);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(loaded.network.layers[0].weights(i, j), model.network.layers[0].weights(i, j));
    }
  }
  EXPECT_EQ(loaded.network.layers[0].biases(0, 1), 0.5f);
  EXPECT_EQ(loaded.normalizer.kind, Normalization::kPerFeature);
  EXPECT_EQ(loaded.normalizer.deviation, model.normalizer.deviation);
  EXPECT_EQ(loaded.classes, model.classes);
  EXPECT_EQ(loaded.image, model.image);
  EXPECT_EQ(loaded.about, model.about);
  EXPECT_EQ(serialize_model(loaded), serialize_model(model));
  std::filesystem::remove(path);
}

TEST(ModelFile, RefusesAFileCutShortAtAnyByte) {
  const std::string bytes = serialize_model(small_model());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(parse_model(std::string_view(bytes).substr(0, length), "cut"), Error) << length;
  }
  EXPECT_THROW(parse_model(bytes + "x", "long"), Error);
}

TEST(ModelFile, SavesNamesThatAreNoUtf8) {
  Model model = small_model();
  model.classes[0] = "\xe9pine";
  EXPECT_EQ(parse_model(serialize_model(model), "latin").classes[0], "\xef\xbf\xbdpine");
}

TEST(ModelFile, RefusesWeightsThatAreNotFinite) {
  for (const std::size_t from_end : {4, 40}) {
    std::string bytes = serialize_model(small_model());
    bytes.replace(bytes.size() - from_end, 4, "\xff\xff\xff\xff");
    EXPECT_THROW(parse_model(bytes, "nan"), Error);
  }
}

TEST(ModelFile, RefusesAHeaderThatClaimsMoreThanTheFileHolds) {
  std::string bytes = serialize_model(small_model());
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(0xff);
  EXPECT_THROW(parse_model(bytes, "huge"), Error);
}

TEST(ModelFile, RefusesMetadataThatDisagreesWithTheTensors) {
  using nlohmann::json;
  const auto refused = [](const auto& change) {
    EXPECT_THROW(parse_model(with_header(change), "changed"), Error);
  };
  EXPECT_NO_THROW(parse_model(with_header([](json&) {}), "unchanged"));
  refused([](json& h) { h["__metadata__"]["spec"] = "1000000-1000000:relu-1000000"; });
  refused([](json& h) { h["__metadata__"]["spec"] = "4-3:relu-3"; });
  refused([](json& h) { h["__metadata__"]["spec"] = "nonsense"; });
  refused([](json& h) { h["__metadata__"]["format"] = "other"; });
  refused([](json& h) { h["__metadata__"]["format_version"] = "999"; });
  refused([](json& h) { h["__metadata__"]["classes"] = "[\"one\"]"; });
  refused([](json& h) { h["__metadata__"]["classes"] = "{"; });
  refused([](json& h) { h["__metadata__"]["image"] = "{\"height\":4,\"width\":4}"; });
  refused([](json& h) { h["__metadata__"]["normalizer"] = "{\"kind\":\"global\"}"; });
  refused([](json& h) { h["__metadata__"].erase("spec"); });
  refused([](json& h) { h.erase("__metadata__"); });
  refused([](json& h) { h.erase("layer.1.weight"); });
  refused([](json& h) { h["layer.0.weight"]["dtype"] = "F64"; });
  refused([](json& h) { h["layer.0.weight"]["dtype"] = 7; });
  refused([](json& h) { h["layer.0.weight"]["shape"] = {4, 3}; });
  refused([](json& h) { h["layer.0.weight"]["data_offsets"] = {0, 1u << 30}; });
  refused([](json& h) { h["layer.0.weight"]["data_offsets"] = {-8, 40}; });
  refused([](json& h) { h["layer.0.weight"] = json::array(); });
}

TEST(ModelFile, SaysWhyDataDoesNotFit) {
  const Model model = small_model();
  Dataset data;
  data.features = 4;
  data.image = {2, 2};
  EXPECT_NO_THROW(require_same_shape(model, data));
  data.labels = {0};
  data.classes = {"cat", "cow"};
  EXPECT_THROW(require_same_shape(model, data), Error);
  data.classes = model.classes;
  EXPECT_NO_THROW(require_same_shape(model, data));
  data.image = {4, 1};
  EXPECT_THROW(require_same_shape(model, data), Error);
  data.image = {};
  data.values = std::vector<float>(4);
  EXPECT_THROW(require_same_shape(model, data), Error);
  data.features = 5;
  EXPECT_THROW(require_same_shape(model, data), Error);
}

}  // namespace
}  // namespace deltarule
