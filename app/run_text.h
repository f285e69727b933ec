// A run described: before it begins, while it goes, when it is over.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/console.h"
#include "deltarule/training/run.h"

namespace deltarule::app {

/// "learning_rate = 0.1" and all others, as a TOML file would have them.
std::string configuration_text(const RunOptions& options);
nlohmann::ordered_json configuration_json(const RunOptions& options);

/// A table of the parts and their classes.
std::string split_text(const Dataset& data, const Split& split);

/// Live: a line of figures and a curve of the validation loss. Off a terminal: a line per epoch, or
/// for each fiftieth of a long training.
class EpochProgress {
 public:
  EpochProgress(Console& console, const RunOptions& options, bool has_validation)
      : console_(console), options_(options), has_validation_(has_validation) {}
  void show(const EpochRecord& epoch);

 private:
  Console& console_;
  const RunOptions& options_;
  bool has_validation_;
  std::vector<double> losses_;
  int best_epoch_ = 0;
};

/// What standard output says of a finished run. `path` is where the model was saved.
std::string summary_text(const Run& run, const Model& model, const std::string& path);
nlohmann::ordered_json summary_json(const Run& run, const Dataset& data, const Model& model,
                                    std::size_t duplicates, const std::string& path);

}  // namespace deltarule::app
