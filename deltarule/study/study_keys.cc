#include "deltarule/study/study_keys.h"

namespace deltarule {

const OptionSet<StudyFile>& study_keys() {
  static const OptionSet<StudyFile> keys =
      OptionSet<StudyFile>()
          .add_text("name", &StudyFile::name, "the study in one word")
          .add_text("title", &StudyFile::title, "the heading of the page")
          .add_text("about", &StudyFile::about, "a paragraph under the heading")
          .add_text("data", &StudyFile::data, "a source of data; empty for the default")
          .add_integer("seeds", &StudyFile::seeds, 1, 10000, "runs of each experiment")
          .add_integer("sample_images", &StudyFile::sample_images, 0, 100,
                       "how many training images are shown with their figures");
  return keys;
}

const OptionSet<Experiment>& experiment_keys() {
  static const OptionSet<Experiment> keys =
      OptionSet<Experiment>()
          .add_text("name", &Experiment::name, "letters, digits and hyphens")
          .add_text("title", &Experiment::title, "a line for people")
          .add_text("group", &Experiment::group, "the group it is shown in")
          .add_text("note", &Experiment::note, "why it is there");
  return keys;
}

const OptionSet<PaperResult>& paper_keys() {
  static const OptionSet<PaperResult> keys =
      OptionSet<PaperResult>()
          .add_text("table", &PaperResult::table, "where it is printed")
          .add_number("test_accuracy", &PaperResult::test_accuracy, 0, 1, "as printed")
          .add_integer("stopped_epoch", &PaperResult::stopped_epoch, 0, 1000000, "as printed");
  return keys;
}

const OptionSet<Question>& question_keys() {
  static const OptionSet<Question> keys =
      OptionSet<Question>()
          .add_text("ask", &Question::ask, "the question")
          .add_text("first", &Question::first, "an experiment")
          .add_text("second", &Question::second, "the experiment it is compared with")
          .add_text("metric", &Question::metric, "the number that is compared")
          .add_text("remark", &Question::remark, "added to the verdict");
  return keys;
}

const OptionSet<Correction>& correction_keys() {
  static const OptionSet<Correction> keys =
      OptionSet<Correction>()
          .add_text("paper", &Correction::paper, "what the paper says")
          .add_text("right", &Correction::right, "what is right")
          .add_text("measured", &Correction::measured, "our evidence");
  return keys;
}

const OptionSet<GradientCheckRequest>& gradient_check_keys() {
  static const OptionSet<GradientCheckRequest> keys =
      OptionSet<GradientCheckRequest>()
          .add_text("hidden", &GradientCheckRequest::hidden, "hidden layers")
          .add_text("initializer", &GradientCheckRequest::initializer, "how weights begin");
  return keys;
}

const OptionSet<StudyFile::PaperEntry>& paper_entry_keys() {
  using Entry = StudyFile::PaperEntry;
  static const OptionSet<Entry> keys =
      OptionSet<Entry>()
          .add_text("location", &Entry::location, "the weight, as the paper names it")
          .add_number("approximation", &Entry::approximation, -1e6, 1e6, "the centred difference")
          .add_number("backprop", &Entry::backprop, -1e6, 1e6, "from the backward pass")
          .add_number("difference", &Entry::difference, 0, 1e6, "of the two");
  return keys;
}

const OptionSet<Group>& group_keys() {
  static const OptionSet<Group> keys = OptionSet<Group>()
                                           .add_text("name", &Group::name, "a heading")
                                           .add_text("note", &Group::note, "a paragraph");
  return keys;
}

}  // namespace deltarule
