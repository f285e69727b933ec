// A trained network in a file: safetensors, with everything that prediction needs as metadata.
//
// Tensors "layer.0.weight" (out, in) and "layer.0.bias" (out), F32, little-endian. Metadata (text):
// format "deltarule", format_version, spec, normalizer, classes, image, and what is known of the
// training as JSON. Nothing in the file can run, and loading trusts none of its lengths.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/data/normalizer.h"
#include "deltarule/network/network.h"

namespace deltarule {

struct Model {
  Network<float> network;
  Normalizer normalizer;
  std::vector<std::string> classes;
  ImageShape image;         ///< of the examples it was trained on; zeros if they are no pictures
  bool byte_inputs = true;  ///< trained on pixels of 0 to 255
  /// About the training, for people and for replays: "weights" ("best" or "last"), "seed", "data",
  /// "option.NAME" for every option, the scores of these weights. Kept as it is.
  std::map<std::string, std::string> about;
};

/// Replaces `path` atomically.
void save_model(const Model& model, const std::filesystem::path& path);

/// Throws Error if the file is missing, truncated, of another format or version, or inconsistent.
Model load_model(const std::filesystem::path& path);

/// The bytes of `save_model`, and the reading of them; `name` is used in messages.
std::string serialize_model(const Model& model);
Model parse_model(std::string_view bytes, const std::string& name);

/// Throws Error unless `data` has the features, image shape, kind of values and classes that the
/// model was trained on (classes only if the data is labelled).
void require_same_shape(const Model& model, const Dataset& data);

}  // namespace deltarule
