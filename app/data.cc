// `deltarule data`: what there is, and how to get it.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/flags.h"
#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/data/catalog.h"
#include "deltarule/data/idx.h"
#include "deltarule/data/synthetic_digits.h"

namespace deltarule::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> catalog_names() {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : catalog()) names.push_back(entry.name);
  return names;
}

int run_list(bool json) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Table table("lll");
  for (const CatalogEntry& entry : catalog()) {
    const std::string folder = find_folder(entry).string();
    table.add({entry.name, entry.title,
               folder.empty() ? "not here; `deltarule data fetch " + entry.name + "` gets it"
                              : "in " + folder});
    list.push_back({{"name", entry.name}, {"title", entry.title}, {"folder", folder}});
  }
  table.add({"synthetic", "digits that a seeded pen writes", "always here; synthetic:COUNT:SEED"});
  list.push_back(
      {{"name", "synthetic"}, {"title", "digits that a seeded pen writes"}, {"folder", ""}});
  if (json) {
    write_json(list);
  } else {
    write_results(table.text());
  }
  return kDone;
}

int run_fetch(const std::string& name, bool quiet) {
  const CatalogEntry* entry = find_in_catalog(name);
  if (entry == nullptr) throw_unknown_name(name, "data set", catalog_names(), "data fetch");
  Console console(quiet);
  const fs::path here = find_folder(*entry);
  if (!here.empty()) {
    console.say(name + " is already here; checking its hashes");
    open_catalog(*entry, open_options(console));
    write_results(here.string() + "\n");
    return kDone;
  }
  const fs::path folder = fetch(*entry, open_options(console));
  console.clear();
  write_results(folder.string() + "\n");
  return kDone;
}

struct MakeFlags {
  std::string out;
  std::int64_t count = 70000, seed = 1;
  bool force = false, quiet = false;
};

/// Rows [first, first + count) as the two files of a part.
void write_part(const Dataset& data, std::size_t first, std::size_t count, const fs::path& folder,
                const std::string& prefix) {
  const auto& values = std::get<0>(data.values);
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first * data.features);
  IdxArray images{{count, data.image.height, data.image.width},
                  {begin, begin + static_cast<std::ptrdiff_t>(count * data.features)}};
  IdxArray labels{{count}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    labels.elements.push_back(static_cast<std::uint8_t>(data.labels[first + i]));
  }
  replace_file(folder / (prefix + "-images-idx3-ubyte"), serialize_idx(images));
  replace_file(folder / (prefix + "-labels-idx1-ubyte"), serialize_idx(labels));
}

int run_make(const MakeFlags& flags) {
  const fs::path folder = flags.out;
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_directory(folder, ignored)) {
    throw Error({"the output is not a folder", "--out " + flags.out, "a folder, or a new name", "",
                 "choose another place with --out"});
  }
  if (!flags.force && fs::is_directory(folder, ignored) && !fs::is_empty(folder, ignored)) {
    throw Error({"the output folder is not empty", "--out " + flags.out, "an empty or a new folder",
                 "", "choose another one, or replace what is there with --force"});
  }
  Console console(flags.quiet);
  console.show({"writing digits …"});
  const Dataset data = make_synthetic_digits(static_cast<std::size_t>(flags.count),
                                             static_cast<std::uint64_t>(flags.seed));
  fs::create_directories(folder, ignored);
  require_writable((folder / "train-images-idx3-ubyte").string(), "--out");
  write_part(data, 0, data.training_count, folder, "train");
  write_part(data, data.training_count, data.test_count, folder, "t10k");
  console.clear();
  console.say(counted(data.training_count, "training image", "training images") + " and " +
              counted(data.test_count, "test image", "test images"));
  write_results(folder.string() + "\n");
  return kDone;
}

}  // namespace

void add_data(Program& program) {
  CLI::App* data = program.app.add_subcommand(
      "data",
      "Look at data, get it, make it.\n\n"
      "Examples:\n"
      "  deltarule data list                     the sets that have a name\n"
      "  deltarule data fetch fashion-mnist      download one\n"
      "  deltarule data info flowers.csv         what is in a file\n"
      "  deltarule data show mnist --class 7     draw examples here\n"
      "  deltarule data make --out digits        write synthetic digits as IDX files\n");

  auto json = std::make_shared<bool>(false);
  CLI::App* list =
      data->add_subcommand("list",
                           "List the data sets that have a name, and where each is found.\n\n"
                           "Examples:\n  deltarule data list\n  deltarule data list --json\n");
  list->add_flag("--json", *json, "write the list as JSON");
  program.commands.push_back({list, [json] { return run_list(*json); }});

  auto name = std::make_shared<std::string>();
  auto quiet = std::make_shared<bool>(false);
  CLI::App* fetch_app = data->add_subcommand(
      "fetch",
      "Download a data set, check its hashes, and say where it is.\n\n"
      "Examples:\n  deltarule data fetch mnist\n  deltarule data fetch fashion-mnist\n");
  fetch_app->add_option("NAME", *name, "see `deltarule data list`")->required()->type_name("");
  fetch_app->add_flag("--quiet", *quiet, "no messages, no progress");
  program.commands.push_back({fetch_app, [name, quiet] { return run_fetch(*name, *quiet); }});

  add_data_info(program, *data);
  add_data_show(program, *data);

  auto flags = std::make_shared<MakeFlags>();
  CLI::App* make = data->add_subcommand(
      "make",
      "Write synthetic digits as the four IDX files of MNIST; a seventh is the test part.\n\n"
      "Examples:\n  deltarule data make --out digits\n"
      "  deltarule data make --out small --count 700 --seed 2\n");
  make->add_option("-o,--out", flags->out, "the folder to write")->required()->type_name("DIR");
  add_integer_flag(*make, "--count", flags->count, 14, 10'000'000, "how many images, in all");
  add_integer_flag(*make, "--seed", flags->seed, 0, std::int64_t{1} << 53, "of the pen");
  make->add_flag("--force", flags->force, "write into a folder that is not empty");
  make->add_flag("--quiet", flags->quiet, "no messages, no progress");
  program.commands.push_back({make, [flags] { return run_make(*flags); }});
}

}  // namespace deltarule::app
