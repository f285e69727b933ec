// The part of a data set that a model is judged on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deltarule/network/model_file.h"

namespace deltarule::app {

struct Part {
  std::string name;  ///< "test", "validation", "train", "all"
  std::vector<std::uint32_t> rows;
  std::string note;  ///< what a person should know about it; may be empty
};

/// `name` empty: the official test part if the set has one, else the model's own test part if this
/// is the data that it was trained on, else everything. Parts that the files do not give are drawn
/// again as the model's training drew them. Throws Error if that cannot be.
Part choose_part(const Model& model, const Dataset& data, const std::string& name);

}  // namespace deltarule::app
