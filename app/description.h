// What is in a data set or a file: said for people, and the same for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "deltarule/data/idx.h"
#include "deltarule/data/image.h"
#include "deltarule/network/model_file.h"

namespace deltarule::app {

struct Description {
  std::string text;
  std::string json;  ///< a JSON object, and a newline
};

Description describe(const Dataset& data);

/// An IDX file by itself: labels, or images whose labels are not beside them.
Description describe(const IdxArray& array, const std::string& name, const std::string& hash);

/// A PNG picture.
Description describe(const Image& image, const std::string& name);

Description describe(const Model& model, const std::string& name);

}  // namespace deltarule::app
