// The program: declares the commands, runs the one that was asked for, and turns every error into
// one message and an exit code.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <sstream>
#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "app/environment.h"
#include "app/usage.h"
#include "deltarule/base/error.h"
#include "deltarule/math/instruction_set.h"

namespace deltarule::app {
namespace {

constexpr const char* kAbout =
    "deltarule: a fast, honest laboratory for multilayer perceptrons.\n\n"
    "Examples:\n"
    "  deltarule train                          train on MNIST and save model.safetensors\n"
    "  deltarule evaluate model.safetensors     how good is it\n"
    "  deltarule predict model.safetensors 7.png\n"
    "  deltarule data show mnist                look at the data\n"
    "  deltarule check                          are the gradients right\n"
    "  deltarule study                          reproduce the whole report\n"
    "  deltarule bench                          how fast is it here\n";

constexpr const char* kExitCodes =
    "\nExit status: 0 done, 1 failed (also a training that diverged), 2 wrong usage or bad input,\n"
    "3 a check failed, 130 interrupted (what was finished is saved).\n"
    "Results go to standard output, messages and progress to standard error.";

std::string environment_text() {
  std::string names;
  for (const std::string& name : instruction_sets()) names += (names.empty() ? "" : ", ") + name;
  return "\nEnvironment:\n"
         "  DELTARULE_DATA=FOLDER    where data sets lie: FOLDER/mnist, FOLDER/fashion-mnist\n"
         "  DELTARULE_TARGET=NAME    the instruction set to use instead of the best one;\n"
         "                           on this machine: " +
         names + "\n";
}

/// Before anything is computed, or said about what computes it.
void choose_instruction_set() {
  const char* name = std::getenv("DELTARULE_TARGET");
  if (name != nullptr && *name != '\0') use_instruction_set(name);
}

/// An empty value is nearly always a variable that a script left unset.
void require_no_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (!value.empty()) continue;
      throw Error({option->get_name() + " is empty", option->get_name(), "a value", "nothing",
                   "give a value, or leave " + option->get_name() + " out"});
    }
  }
  for (const CLI::App* command : app.get_subcommands()) require_no_empty_values(*command);
}

int run(int argc, char** argv) {
  choose_instruction_set();
  CLI::App app(kAbout, "deltarule");
  app.footer(kExitCodes);
  format_help(app);
  app.set_help_flag("-h,--help", "show this help and exit");
  app.set_version_flag("--version", version_text,
                       "show version, commit, compiler, instruction set");
  Program program{app, command_line_of(argc, argv), {}};
  add_train(program);
  add_evaluate(program);
  add_predict(program);
  add_data(program);
  add_check(program);
  add_study(program);
  add_bench(program);
  app.footer(environment_text() + kExitCodes);  // after the commands, which have taken the other
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    std::ostringstream text;
    app.exit(help_or_version, text, text);
    write_results(text.str());
    return kDone;
  } catch (const CLI::ParseError& mistake) {
    throw_usage_error(app, mistake);
  }
  require_no_empty_values(app);
  for (const Command& command : program.commands) {
    if (*command.app) return command.run();
  }
  std::fputs(help_of_deepest(app).c_str(), stderr);
  return kBadInput;
}

int fail(const char* message, int code) {
  if (*message != '\0') std::fprintf(stderr, "deltarule: %s\n", message);
  return code;
}

}  // namespace
}  // namespace deltarule::app

int main(int argc, char** argv) {
  // A reader that goes away is a write that fails, and is reported as one.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return deltarule::app::run(argc, argv);
  } catch (const deltarule::Error& error) {
    return deltarule::app::fail(error.what(), deltarule::app::kBadInput);
  } catch (const std::bad_alloc&) {
    return deltarule::app::fail("not enough memory", deltarule::app::kFailed);
  } catch (const std::exception& error) {
    return deltarule::app::fail(error.what(), deltarule::app::kFailed);
  }
}
