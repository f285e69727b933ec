// `deltarule data info`: what is in a data set, or in any one file.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "app/description.h"
#include "app/flags.h"
#include "deltarule/base/error.h"
#include "deltarule/base/file.h"

namespace deltarule::app {
namespace {

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG"); }

/// A safetensors file: eight bytes of length, then JSON.
bool looks_like_model(std::string_view bytes) { return bytes.size() > 9 && bytes[8] == '{'; }

bool looks_like_idx(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0;
}

Description describe_source(const std::string& source, const DataFlags& flags, Console& console) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(source, ignored)) {
    return describe(flags.open(source, console));
  }
  const std::string name = std::filesystem::path(source).filename().string();
  const std::string bytes = read_unpacked_file(source);
  if (is_png(bytes)) return describe(decode_png(bytes, source), name);
  if (looks_like_model(bytes)) return describe(parse_model(bytes, source), name);
  if (!looks_like_idx(bytes)) return describe(flags.open(source, console));
  const IdxArray array = parse_idx(bytes, source);
  if (array.sizes.size() > 1) {
    try {
      return describe(flags.open(source, console));
    } catch (const Error& error) {
      console.say("the images alone, because of their labels: " + error.explanation().what);
    }
  }
  return describe(array, name, sha256(bytes));
}

}  // namespace

void add_data_info(Program& program, CLI::App& data) {
  struct InfoFlags {
    DataFlags data;
    std::string source;
    bool json = false;
  };
  auto flags = std::make_shared<InfoFlags>();
  CLI::App* app = data.add_subcommand(
      "info",
      "Say what is in a known set, a folder, or any one file.\n\n"
      "Examples:\n  deltarule data info mnist\n  deltarule data info flowers.csv\n"
      "  deltarule data info train-labels-idx1-ubyte.gz\n  deltarule data info 7.png\n"
      "  deltarule data info model.safetensors\n");
  app->add_option("SOURCE", flags->source, "a known set, a folder or a file")
      ->required()
      ->type_name("");
  flags->data.add_label_to(*app);
  app->add_flag("--json", flags->json, "write it as JSON");
  program.commands.push_back({app, [flags]() -> int {
                                Console console(false);
                                const Description description =
                                    describe_source(flags->source, flags->data, console);
                                if (flags->json) {
                                  write_results(description.json);
                                } else {
                                  write_results(description.text);
                                }
                                return kDone;
                              }});
}

}  // namespace deltarule::app
