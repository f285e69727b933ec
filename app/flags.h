// Flags that several commands share. What is declared as options of the library becomes flags here,
// so that the program has no list of its own.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/console.h"
#include "deltarule/data/open.h"
#include "deltarule/training/options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace deltarule::app {

/// "validation_fraction" → "--validation-fraction".
std::string flag_of(const std::string& option_name);

/// A flag that takes a whole number in [least, most]; `target` holds the default.
CLI::Option* add_integer_flag(CLI::App& app, const std::string& flag, std::int64_t& target,
                              std::int64_t least, std::int64_t most, const std::string& help);

/// A flag for each of run_options(), and `--config FILE`. The flags win over the file, the file
/// over the defaults.
class RunFlags {
 public:
  void add_to(CLI::App& app);

  /// Throws Error.
  RunOptions resolve() const;
  /// Whether a network was asked for, by a flag or by a file.
  bool names_network() const { return !config_.empty() || given_.contains("hidden"); }

 private:
  std::string config_;
  std::map<std::string, std::string> given_;  ///< option name to text
};

/// `--data` and `--label`.
class DataFlags {
 public:
  void add_to(CLI::App& app);
  void add_label_to(CLI::App& app);  ///< `--label` alone, where the source is an argument
  bool given() const { return !source_.empty(); }
  const std::string& label() const { return label_; }

  /// The data that was named, or the default with its notice. Says on the console what it does.
  DefaultDataset open(Console& console) const;
  /// Any other source, read in the same way.
  Dataset open(const std::string& source, Console& console) const;

 private:
  std::string source_, label_;
};

/// Shows a download on the console.
OpenOptions open_options(Console& console);

/// `--threads`, where 0 stands for as many as the process may use.
class ThreadsFlag {
 public:
  void add_to(CLI::App& app);
  int count() const;

 private:
  std::int64_t threads_ = 0;
};

/// Throws Error if a file at `path` could not be written, as far as can be told without trying:
/// before a long training, not after it.
/// Also throws if a file is there that is no model: nothing but a model is replaced by one.
void require_writable_model(const std::string& path, const std::string& flag);

void require_writable(const std::string& path, const std::string& flag);

}  // namespace deltarule::app
