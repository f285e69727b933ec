// The keys of the tables of a study file, declared as the options of a run are: one list gives the
// types, the ranges and the messages. Internal to this folder.
#pragma once

#include "deltarule/base/options.h"
#include "deltarule/study/study_file.h"

namespace deltarule {

/// A [[group]]; StudyFile keeps names and notes apart.
struct Group {
  std::string name, note;
};

const OptionSet<StudyFile>& study_keys();  ///< the single values at the top
const OptionSet<Group>& group_keys();
const OptionSet<Experiment>& experiment_keys();  ///< without `paper` and the options of the run
const OptionSet<PaperResult>& paper_keys();
const OptionSet<Question>& question_keys();
const OptionSet<Correction>& correction_keys();
const OptionSet<GradientCheckRequest>& gradient_check_keys();
const OptionSet<StudyFile::PaperEntry>& paper_entry_keys();

}  // namespace deltarule
