// A study as data: what a TOML file in studies/ says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "deltarule/training/options.h"

namespace deltarule {

/// The numbers that a published table gives for an experiment.
struct PaperResult {
  std::string table;  ///< "Table 3"
  double test_accuracy = 0;
  int stopped_epoch = 0;
};

/// One configuration, over all seeds.
struct Experiment {
  std::string name;   ///< letters, digits, hyphens; unique in the study
  std::string title;  ///< a line for people
  std::string group;  ///< the section of the report it belongs to
  std::string note;   ///< why it is there; may be empty
  RunOptions options;
  std::optional<PaperResult> paper;
};

/// Which number of a run: weights "best" or "last", part "test" or "validation", and "accuracy" or
/// "loss"; or "stopped_epoch". Written "best.test_accuracy".
/// A question compares `first` with `second` over common seeds on such a number.
struct Question {
  std::string ask;            ///< "Is sigmoid really better than tanh?"
  std::string first, second;  ///< experiment names
  std::string metric = "best.test_accuracy";
  std::string remark;  ///< added to the verdict; may be empty
};

/// A statement of the paper that the study corrects. `measured` may hold {experiment.metric}, which
/// the report replaces by that number's mean ± interval: "{sigmoid-as-read.last.test_accuracy}".
struct Correction {
  std::string paper;     ///< what it says
  std::string right;     ///< what is right
  std::string measured;  ///< our evidence
};

struct GradientCheckRequest {
  std::string hidden;       ///< "128:tanh"
  std::string initializer;  ///< as in RunOptions
};

struct StudyFile {
  std::string name;  ///< "paper"
  std::string title;
  std::string about;                ///< a paragraph
  std::string data;                 ///< a source that `open_dataset` takes; empty = the default
  int seeds = 5;                    ///< runs use seeds 1 … n
  std::vector<std::string> groups;  ///< in the order of the report; each has a heading
  std::vector<std::string> group_notes;  ///< a paragraph for each group; may be empty
  std::vector<Experiment> experiments;
  std::vector<Question> questions;
  std::vector<Correction> corrections;
  std::vector<GradientCheckRequest> gradient_checks;
  int sample_images = 0;  ///< the first n images of the training part are shown with their figures
  /// The six-entry table of the report's section 2.2.2, as printed: location, approximation,
  /// backprop, difference.
  struct PaperEntry {
    std::string location;
    double approximation = 0, backprop = 0, difference = 0;
  };
  std::vector<PaperEntry> paper_entries;
};

/// Throws Error with file and line for bad TOML, an unknown key (naming the nearest), a value out
/// of range, a duplicate name, or a question or correction about an experiment that is not there.
StudyFile read_study_file(const std::filesystem::path& path);
StudyFile parse_study_file(std::string_view text, const std::string& name);

/// Reads the keys of `[run]`-less TOML for `train --config`: each key is one of run_options().
RunOptions read_run_options(const std::filesystem::path& path);

}  // namespace deltarule
