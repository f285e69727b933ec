// Rows of features to predict from, as CSV. Unlike a data set to train on, they need no labels, and
// one row is enough.
#pragma once

#include <string>
#include <string_view>

#include "deltarule/network/model_file.h"

namespace deltarule::app {

/// A column more than the model has inputs is the label's: `label_column` (a name or a number from
/// 1), else one that the header calls so, else the first. It is passed over. Separators are commas,
/// semicolons or tabs. Throws Error naming line and column.
Dataset parse_feature_rows(std::string_view text, const std::string& name, const Model& model,
                           const std::string& label_column);

}  // namespace deltarule::app
