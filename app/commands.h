// The program's commands. Each `add_…` declares its flags and its help on the program, and leaves
// behind the function that runs it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deltarule::app {

/// What a shell, a script or a Makefile learns from the program.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kBadInput = 2,
  kCheckFailed = 3,
  kInterrupted = 130,
};

struct Command {
  CLI::App* app;
  std::function<int()> run;
};

struct Program {
  CLI::App& app;
  std::string command_line;  ///< as typed
  std::vector<Command> commands;
};

void add_train(Program& program);
void add_evaluate(Program& program);
void add_predict(Program& program);
void add_data(Program& program);
void add_check(Program& program);
void add_study(Program& program);
void add_bench(Program& program);

/// Of `data`: its longer subcommands.
void add_data_info(Program& program, CLI::App& data);
void add_data_show(Program& program, CLI::App& data);

}  // namespace deltarule::app
