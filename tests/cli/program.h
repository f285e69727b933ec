// Runs the program as a person does, in a folder of its own, and tells what came back.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace deltarule::cli_test {

struct Outcome {
  int exit_code = -1;  ///< 128 + the signal if one killed it
  std::string out, err;
  long peak_kilobytes = 0;  ///< of resident memory
};

struct Invocation {
  std::vector<std::string> arguments;
  std::string standard_input;
  std::vector<std::string> environment = {};  ///< "NAME=value", beside the clean one
  /// Called with everything on stderr so far and the process, whenever there is more.
  std::function<void(const std::string& err, pid_t process)> on_stderr = {};
};

/// Each test has an empty folder, in which the program runs, an empty cache, and no network: every
/// download goes to a port on which nobody listens.
class Program : public testing::Test {
 protected:
  Program();
  ~Program() override;

  Outcome run(const std::vector<std::string>& arguments) { return run(Invocation{arguments, ""}); }
  Outcome run(const Invocation& invocation);

  /// `run`, and a failure of the test unless it exits 0.
  std::string run_well(const std::vector<std::string>& arguments);

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& bytes) const;
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }

  /// Every file below the folder, sorted.
  std::vector<std::string> files() const;

  /// "digits": a folder of 700 synthetic digits.
  void make_digits();

  /// "model.safetensors", trained in a moment on "digits".
  void make_model();

 private:
  std::filesystem::path folder_;
};

/// The bytes of an IDX file.
std::string idx(unsigned char type, const std::vector<std::uint32_t>& sizes,
                const std::string& elements);
/// A gzip stream of `bytes` and as many zeros behind them.
std::string gzipped(const std::string& bytes, std::size_t zeros = 0);

}  // namespace deltarule::cli_test
