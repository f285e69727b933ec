// What `predict` is given, made ready for a model.
#pragma once

#include <string>

#include "app/flags.h"
#include "deltarule/network/model_file.h"

namespace deltarule::app {

struct PredictInput {
  Dataset data;           ///< in the shape of the model's inputs
  bool labelled = false;  ///< whether data.labels are the truth
};

/// `source` is a PNG, an IDX file, anything else that open_dataset takes, or "-": a PNG, IDX or CSV
/// on standard input. A PNG is prepared as MNIST was made, unless `as_is`. Throws Error.
PredictInput read_predict_input(const Model& model, const std::string& source, bool as_is,
                                const DataFlags& flags, Console& console);

}  // namespace deltarule::app
