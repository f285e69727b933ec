#include "deltarule/network/model_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"

// The format is that of the safetensors library: eight bytes with the length of a JSON header,
// little-endian; the header, naming each tensor's type, shape and place; then the tensors' bytes.

namespace deltarule {
namespace {

using nlohmann::json;

constexpr char kFormat[] = "deltarule";
constexpr char kFormatVersion[] = "1";
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostHeaderBytes = 100'000'000;  // as the safetensors library has it
constexpr const char* kNormalizations[] = {"per-image", "global", "per-feature", "none"};

std::string tensor_name(std::size_t layer, const char* kind) {
  return "layer." + std::to_string(layer) + "." + kind;
}

/// Bytes that are no UTF-8, as in names from old files, become U+FFFD rather than an exception.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json normalizer_json(const Normalizer& normalizer) {
  return {{"kind", kNormalizations[static_cast<std::size_t>(normalizer.kind)]},
          {"mean", normalizer.mean},
          {"deviation", normalizer.deviation}};
}

json metadata(const Model& model) {
  json about = json::object();
  for (const auto& [key, value] : model.about) about[key] = value;
  return {{"format", kFormat},
          {"format_version", kFormatVersion},
          {"spec", to_text(model.network.spec)},
          {"normalizer", text_of(normalizer_json(model.normalizer))},
          {"classes", text_of(json(model.classes))},
          {"image", json{{"height", model.image.height}, {"width", model.image.width}}.dump()},
          {"inputs", model.byte_inputs ? "bytes" : "numbers"},
          {"about", text_of(about)}};
}

void append_float(std::string& bytes, float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
}

float float_at(std::string_view bytes, std::size_t index) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    bits |= std::uint32_t{static_cast<unsigned char>(bytes[index * 4 + i])} << (8 * i);
  }
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// Appends a tensor's bytes and declares it in the header.
void add_tensor(const std::string& name, std::vector<std::size_t> shape,
                const std::vector<float>& values, json& header, std::string& bytes) {
  const std::size_t begin = bytes.size();
  for (const float x : values) append_float(bytes, x);
  header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, bytes.size()}}};
}

/// Reads what `serialize_model` wrote; every failure names the file.
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name) : name_(name) {
    if (bytes.size() < kLengthBytes) fail("at least 8 bytes", count(bytes.size()));
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) {
      length = length << 8 | static_cast<unsigned char>(bytes[i]);
    }
    if (length > kMostHeaderBytes || length > bytes.size() - kLengthBytes) {
      fail("a header within the file's " + count(bytes.size()),
           "a header that claims " + count(length));
    }
    header_ = json::parse(bytes.substr(kLengthBytes, length), nullptr, false);
    if (!header_.is_object()) fail("a JSON header", "something else");
    tensors_ = bytes.substr(kLengthBytes + length);
    require_own_format();
  }

  Model read() const {
    Model model;
    model.network = make_zero_network<float>(spec());
    read_metadata(model);
    std::size_t used = 0;
    for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
      Layer<float>& layer = model.network.layers[l];
      const std::size_t in = layer.weights.rows(), out = layer.weights.columns();
      const std::string_view weights = tensor(tensor_name(l, "weight"), {out, in});
      const std::string_view biases = tensor(tensor_name(l, "bias"), {out});
      for (std::size_t j = 0; j < out; ++j) {
        for (std::size_t i = 0; i < in; ++i) layer.weights(i, j) = float_at(weights, j * in + i);
        layer.biases(0, j) = float_at(biases, j);
      }
      require_finite(layer, l);
      used += weights.size() + biases.size();
    }
    if (used != tensors_.size()) fail(count(used) + " of tensors", count(tensors_.size()));
    return model;
  }

 private:
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error({.what = "this is not a whole deltarule model",
                 .where = name_,
                 .expected = expected,
                 .found = found,
                 .next = "train again, or copy the file again from where it came"});
  }

  static std::string count(std::uint64_t bytes) { return std::to_string(bytes) + " bytes"; }

  void require_finite(const Layer<float>& layer, std::size_t index) const {
    for (const Matrix<float>* matrix : {&layer.weights, &layer.biases}) {
      for (std::size_t i = 0; i < matrix->rows(); ++i) {
        for (const float x : matrix->row(i)) {
          if (std::isfinite(x)) continue;
          fail("finite numbers in layer " + std::to_string(index), std::to_string(x));
        }
      }
    }
  }

  std::string text(const char* key) const {
    const auto metadata = header_.find("__metadata__");
    if (metadata == header_.end() || !metadata->is_object()) fail("metadata", "none");
    const auto entry = metadata->find(key);
    if (entry == metadata->end() || !entry->is_string()) {
      fail(std::string("a text '") + key + "' in the metadata", "none");
    }
    return entry->get<std::string>();
  }

  json parsed(const char* key) const {
    json value = json::parse(text(key), nullptr, false);
    if (value.is_discarded()) fail(std::string("JSON in '") + key + "'", "something else");
    return value;
  }

  void require_own_format() const {
    if (text("format") != kFormat) fail("format 'deltarule'", "'" + text("format") + "'");
    if (text("format_version") != kFormatVersion) {
      throw Error({.what = "this model was written by another version of deltarule",
                   .where = name_,
                   .expected = std::string("format version ") + kFormatVersion,
                   .found = "'" + text("format_version") + "'",
                   .next = "use the version that wrote it, or train again"});
    }
  }

  /// Checked against the bytes that are there before anything is allocated for it.
  NetworkSpec spec() const {
    const NetworkSpec spec = parse_spec(text("spec"), name_);
    std::uint64_t need = 0;
    for (std::size_t l = 0; l < spec.layers.size(); ++l) {
      need += (std::uint64_t{spec.inputs_of(l)} + 1) * spec.layers[l].units * sizeof(float);
      if (need > tensors_.size()) break;
    }
    if (need != tensors_.size()) {
      fail("tensors for " + to_text(spec), count(tensors_.size()) + " of tensors");
    }
    return spec;
  }

  std::string_view tensor(const std::string& name, const std::vector<std::size_t>& shape) const {
    const auto entry = header_.find(name);
    std::size_t bytes = sizeof(float);
    for (const std::size_t size : shape) bytes *= size;
    try {
      if (entry == header_.end()) fail("a tensor " + name, "none");
      const std::string type = entry->at("dtype").get<std::string>();
      if (type != "F32") fail(name + " of type F32", type);
      const auto found_shape = entry->at("shape").get<std::vector<std::uint64_t>>();
      if (!std::equal(shape.begin(), shape.end(), found_shape.begin(), found_shape.end())) {
        fail(name + " of shape " + json(shape).dump(), json(found_shape).dump());
      }
      const auto offsets = entry->at("data_offsets").get<std::vector<std::uint64_t>>();
      if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > tensors_.size() ||
          offsets[1] - offsets[0] != bytes) {
        fail(name + " of " + count(bytes), "offsets " + json(offsets).dump());
      }
      return tensors_.substr(offsets[0], bytes);
    } catch (const json::exception&) {
      fail("a description of tensor " + name, entry->dump());
    }
  }

  void read_metadata(Model& model) const {
    try {
      read_normalizer(model);
      model.classes = parsed("classes").get<std::vector<std::string>>();
      const json image = parsed("image");
      model.image = {image.at("height").get<std::size_t>(), image.at("width").get<std::size_t>()};
      model.byte_inputs = text("inputs") == "bytes";
      model.about = parsed("about").get<std::map<std::string, std::string>>();
    } catch (const json::exception& error) {
      fail("metadata of the right types", error.what());
    }
    const NetworkSpec& spec = model.network.spec;
    if (model.classes.size() != spec.classes()) {
      fail(std::to_string(spec.classes()) + " classes", std::to_string(model.classes.size()));
    }
    if (model.image != ImageShape{} &&
        (model.image.height > spec.inputs || model.image.width > spec.inputs ||
         model.image.pixels() != spec.inputs)) {
      fail("an image of " + std::to_string(spec.inputs) + " pixels", text("image"));
    }
  }

  void read_normalizer(Model& model) const {
    const json value = parsed("normalizer");
    const std::string kind = value.at("kind").get<std::string>();
    const auto* const found =
        std::find(std::begin(kNormalizations), std::end(kNormalizations), kind);
    if (found == std::end(kNormalizations)) fail("a known normalizer", "'" + kind + "'");
    Normalizer& normalizer = model.normalizer;
    normalizer.kind = static_cast<Normalization>(found - std::begin(kNormalizations));
    normalizer.mean = value.at("mean").get<std::vector<float>>();
    normalizer.deviation = value.at("deviation").get<std::vector<float>>();
    const std::size_t expected = normalizer.kind == Normalization::kGlobal ? 1
                                 : normalizer.kind == Normalization::kPerFeature
                                     ? model.network.spec.inputs
                                     : 0;
    if (normalizer.mean.size() != expected || normalizer.deviation.size() != expected) {
      fail(std::to_string(expected) + " means and deviations",
           std::to_string(normalizer.mean.size()) + " and " +
               std::to_string(normalizer.deviation.size()));
    }
  }

  std::string name_;
  json header_;
  std::string_view tensors_;
};

std::vector<float> transposed_values(const Matrix<float>& weights) {
  std::vector<float> values;
  values.reserve(weights.shape().size());
  for (std::size_t j = 0; j < weights.columns(); ++j) {
    for (std::size_t i = 0; i < weights.rows(); ++i) values.push_back(weights(i, j));
  }
  return values;
}

}  // namespace

std::string serialize_model(const Model& model) {
  json header = {{"__metadata__", metadata(model)}};
  std::string tensors;
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const Layer<float>& layer = model.network.layers[l];
    const std::size_t in = layer.weights.rows(), out = layer.weights.columns();
    add_tensor(tensor_name(l, "weight"), {out, in}, transposed_values(layer.weights), header,
               tensors);
    const auto biases = layer.biases.row(0);
    add_tensor(tensor_name(l, "bias"), {out}, {biases.begin(), biases.end()}, header, tensors);
  }
  std::string text = text_of(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors begin on a multiple of eight
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>(std::uint64_t{text.size()} >> shift & 0xff);
  }
  return bytes + text + tensors;
}

Model parse_model(std::string_view bytes, const std::string& name) {
  return Reader(bytes, name).read();
}

void save_model(const Model& model, const std::filesystem::path& path) {
  replace_file(path, serialize_model(model));
}

Model load_model(const std::filesystem::path& path) {
  return parse_model(read_file(path), path.string());
}

void require_same_shape(const Model& model, const Dataset& data) {
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error({.what = "the data does not fit the model",
                 .where = data.name,
                 .expected = expected,
                 .found = found,
                 .next = "use data like that on which the model was trained"});
  };
  const std::size_t inputs = model.network.spec.inputs;
  if (data.features != inputs) {
    fail(std::to_string(inputs) + " features", std::to_string(data.features));
  }
  if (model.image != ImageShape{} && data.image != ImageShape{} && model.image != data.image) {
    const auto text = [](ImageShape shape) {
      return std::to_string(shape.height) + "x" + std::to_string(shape.width) + " pixels";
    };
    fail(text(model.image), text(data.image));
  }
  if (data.is_bytes() != model.byte_inputs) {
    fail(model.byte_inputs ? "pixels (bytes)" : "numbers", data.is_bytes() ? "pixels" : "numbers");
  }
  if (!data.labels.empty() && data.classes != model.classes) {
    fail("classes " + text_of(json(model.classes)), text_of(json(data.classes)));
  }
}

}  // namespace deltarule
