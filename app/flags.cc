#include "app/flags.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/threads.h"
#include "deltarule/network/model_file.h"
#include "deltarule/study/study_file.h"

namespace deltarule::app {

std::string flag_of(const std::string& option_name) {
  std::string flag = "--" + option_name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

CLI::Option* add_integer_flag(CLI::App& app, const std::string& flag, std::int64_t& target,
                              std::int64_t least, std::int64_t most, const std::string& help) {
  const OptionInfo info{
      flag, OptionType::kInteger, static_cast<double>(least), static_cast<double>(most), {}, help};
  return app
      .add_option_function<std::string>(
          flag,
          [info, flag, &target](const std::string& text) {
            target = std::get<std::int64_t>(parse_option(info, text, flag));
          },
          help + " [" + std::to_string(target) + "]")
      ->type_name("N");
}

void RunFlags::add_to(CLI::App& app) {
  const std::string group = "Training";
  const RunOptions defaults;
  for (const auto& option : run_options().options()) {
    const std::string& name = option.info.name;
    const std::string help = option.info.help + " [" + to_text(option.get(defaults)) + "; " +
                             option.info.range_text() + "]";
    if (option.info.type == OptionType::kSwitch) {
      const std::string flag = flag_of(name);
      app.add_flag_function(
             flag + ",!--no-" + flag.substr(2),
             [this, name](std::int64_t count) { given_[name] = count > 0 ? "true" : "false"; },
             help)
          ->group(group);
      continue;
    }
    const bool is_number =
        option.info.type == OptionType::kInteger || option.info.type == OptionType::kNumber;
    app.add_option_function<std::string>(
           flag_of(name), [this, name](const std::string& text) { given_[name] = text; }, help)
        ->type_name(is_number ? "N" : "TEXT")
        ->group(group);
  }
  app.add_option("--config", config_, "read these settings from a TOML file; flags win over it")
      ->type_name("FILE")
      ->group(group);
}

RunOptions RunFlags::resolve() const {
  RunOptions options = config_.empty() ? RunOptions() : read_run_options(config_);
  for (const auto& [name, text] : given_) {
    run_options().set_text(options, name, text, flag_of(name));
  }
  return options;
}

void DataFlags::add_to(CLI::App& app) {
  app.add_option("--data", source_,
                 "a known set, a file or a folder; see `deltarule data list` "
                 "[MNIST if it can be had, otherwise synthetic digits]")
      ->type_name("NAME|PATH");
  add_label_to(app);
}

void DataFlags::add_label_to(CLI::App& app) {
  app.add_option("--label", label_,
                 "the label's column in a CSV file: its name, or a number from 1")
      ->type_name("COLUMN");
}

OpenOptions open_options(Console& console) {
  OpenOptions options;
  options.on_download = [&console](const std::string& file, std::size_t bytes, std::size_t total) {
    constexpr double kMega = 1e6;
    std::string line = "downloading " + file + formatted("  %.1f", bytes / kMega);
    line += total > 0 ? formatted(" of %.1f MB", total / kMega) : std::string(" MB");
    if (console.live()) {
      console.show({line});
    } else if (total > 0 && bytes == total) {
      console.say(line);
    }
  };
  return options;
}

DefaultDataset DataFlags::open(Console& console) const {
  if (given()) return {open(source_, console), ""};
  console.show({"reading data …"});
  DefaultDataset result = open_default_dataset(open_options(console));
  console.clear();
  if (!result.notice.empty()) console.say(result.notice);
  return result;
}

Dataset DataFlags::open(const std::string& source, Console& console) const {
  console.show({"reading " + source + " …"});
  OpenOptions options = open_options(console);
  options.csv.label_column = label_;
  Dataset data = open_dataset(source, options);
  console.clear();
  return data;
}

void ThreadsFlag::add_to(CLI::App& app) {
  add_integer_flag(app, "--threads", threads_, 0, 1024,
                   "how many threads; 0 = as many as there are. The results are the same");
}

int ThreadsFlag::count() const {
  return threads_ == 0 ? available_threads() : static_cast<int>(threads_);
}

void require_writable_model(const std::string& path, const std::string& flag) {
  require_writable(path, flag);
  if (!std::filesystem::exists(path)) return;
  try {
    load_model(path);
  } catch (const Error&) {
    throw Error({"a file that is no model would be replaced", flag + " " + path,
                 "a new name, or a model", "another kind of file",
                 "choose another name, or remove the file first"});
  }
}

void require_writable(const std::string& path, const std::string& flag) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Error(
        {"the output is a folder, not a file", flag + " " + path, "", "", "name a file in it"});
  }
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (!fs::is_directory(folder, ignored)) {
    throw Error({"the output's folder does not exist", flag + " " + path,
                 "a folder " + folder.string(), "", "create it first"});
  }
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error({"the output's folder may not be written to", flag + " " + path, "", "",
                 "choose another place with " + flag});
  }
}

}  // namespace deltarule::app
