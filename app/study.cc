// `deltarule study`: experiments × seeds, and the page that says what they found.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/commands.h"
#include "app/environment.h"
#include "app/flags.h"
#include "app/interrupt.h"
#include "app/paper_study.h"
#include "app/study_output.h"
#include "app/study_progress.h"
#include "app/text.h"
#include "deltarule/study/study_file.h"

namespace deltarule::app {
namespace {

constexpr const char* kAbout =
    "Run a study: every experiment from several seeds, and one page that says what was found.\n"
    "Without FILE it is the report's own study, studies/paper.toml, which the program carries.\n\n"
    "Examples:\n"
    "  deltarule study                        the whole report: out/paper/report.html\n"
    "  deltarule study --quick                one seed, two epochs: does everything work\n"
    "  deltarule study --only tanh,relu --seeds 10\n"
    "  deltarule study mine.toml --data fashion-mnist --out out/mine\n";

struct StudyFlags {
  std::string file, out, only;
  std::int64_t seeds = 0;
  DataFlags data;
  ThreadsFlag threads;
  bool quick = false, quiet = false;
};

StudyFile read_study(const StudyFlags& flags) {
  StudyFile study = flags.file.empty() ? parse_study_file(paper_study_text(), "studies/paper.toml")
                                       : read_study_file(flags.file);
  if (flags.seeds > 0) study.seeds = static_cast<int>(flags.seeds);
  return study;
}

/// Before any data is opened, which may take a while.
std::vector<std::string> chosen_names(const StudyFlags& flags, const StudyFile& study) {
  std::vector<std::string> known;
  for (const Experiment& experiment : study.experiments) known.push_back(experiment.name);
  std::vector<std::string> names = split_at_commas(flags.only);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw_unknown_name(name, "experiment", known, "--only");
    }
  }
  return names;
}

DefaultDataset open_data(const StudyFlags& flags, const StudyFile& study, Console& console) {
  if (flags.data.given() || study.data.empty()) return flags.data.open(console);
  return {flags.data.open(study.data, console), ""};
}

std::string closing_text(const StudyResult& result, const StudyFolder& folder) {
  std::string text = study_table(result) + "\n";
  if (result.interrupted) text += "Interrupted: only what was finished is in the report.\n";
  if (result.quick)
    text += "Quick: one seed and few epochs. These numbers show only that all works.\n";
  if (!result.notice.empty()) text += result.notice + "\n";
  return text + "Report: " + folder.report().string() + "\n";
}

int run_study_command(const StudyFlags& flags, const std::string& command_line) {
  const StudyFile study = read_study(flags);
  const std::vector<std::string> only = chosen_names(flags, study);
  StudyFolder folder(flags.out.empty() ? "out/" + study.name : flags.out);
  catch_interrupts();
  Console console(flags.quiet);
  DefaultDataset source = open_data(flags, study, console);
  console.say(study.title + ": " + counted(study.experiments.size(), "experiment", "experiments") +
              ", data " + source.data.name);

  StudyResult begin;
  begin.notice = source.notice;
  begin.environment = current_environment(command_line, flags.threads.count());
  const StudyOptions options{flags.threads.count(), flags.quick, only};
  StudyConsole progress(console);
  bool created = false;
  const auto save = [&](const StudyResult& result) {
    // Only now: a study that cannot run leaves no folder behind.
    if (!created) folder.create();
    created = true;
    folder.save_progress(result);
    progress.show_finished(result);
  };
  const StudyObserver observer{[&](const StudyProgress& epoch) { progress.show_epoch(epoch); },
                               save, interrupted};
  const StudyResult result = run_study(study, source.data, options, std::move(begin), observer);
  console.clear();

  if (result.interrupted && !created) {
    console.say("nothing is saved: the study was interrupted before its first run was over");
    return kInterrupted;
  }
  folder.create();
  folder.save_all(result, source.data);
  write_results(closing_text(result, folder));
  return result.interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_study(Program& program) {
  auto flags = std::make_shared<StudyFlags>();
  CLI::App* app = program.app.add_subcommand("study", kAbout);
  app->add_option("FILE", flags->file, "a study as TOML [the report's own]")->type_name("");
  flags->data.add_to(*app);
  add_integer_flag(*app, "--seeds", flags->seeds, 0, 10000,
                   "runs of each experiment; 0 = as the study says");
  app->add_option("--only", flags->only, "run only these experiments, by name, between commas")
      ->type_name("NAME,…");
  app->add_option("-o,--out", flags->out, "the folder to write [out/ and the study's name]")
      ->type_name("DIR");
  flags->threads.add_to(*app);
  app->add_flag("--quick", flags->quick, "one seed and few epochs, to see that everything works");
  app->add_flag("--quiet", flags->quiet, "no messages, no progress");
  const std::string command_line = program.command_line;
  program.commands.push_back(
      {app, [flags, command_line] { return run_study_command(*flags, command_line); }});
}

}  // namespace deltarule::app
