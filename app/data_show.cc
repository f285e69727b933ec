// `deltarule data show`: examples as pictures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/commands.h"
#include "app/flags.h"
#include "app/pictures.h"
#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/base/random.h"

namespace deltarule::app {
namespace {

struct ShowFlags {
  DataFlags data;
  std::string source;
  std::int64_t count = 10, seed = 1;
  std::string of_class, out;
};

/// A seeded sample, of one class if one is named, in the order of the data set.
std::vector<std::uint32_t> sample_rows(const Dataset& data, const ShowFlags& flags) {
  const auto named = std::find(data.classes.begin(), data.classes.end(), flags.of_class);
  if (!flags.of_class.empty() && named == data.classes.end()) {
    throw_unknown_name(flags.of_class, "class", data.classes, "--class");
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < data.count(); ++row) {
    if (flags.of_class.empty() || data.labels[row] == named - data.classes.begin()) {
      rows.push_back(row);
    }
  }
  Random random(static_cast<std::uint64_t>(flags.seed), Stream::kSample);
  shuffle(std::span(rows), random);
  rows.resize(std::min(rows.size(), static_cast<std::size_t>(flags.count)));
  std::sort(rows.begin(), rows.end());
  return rows;
}

int run_show(const ShowFlags& flags) {
  if (!flags.out.empty()) require_writable(flags.out, "--out");
  Console console(false);
  const Dataset data = flags.data.open(flags.source, console);
  if (!data.is_bytes() || data.image.pixels() == 0) {
    throw Error({"these examples are no pictures", flags.source, "examples that are images",
                 counted(data.features, "feature", "features") + " without a shape",
                 "see what is in it with `deltarule data info`"});
  }
  const std::vector<std::uint32_t> rows = sample_rows(data, flags);
  if (rows.empty()) throw Error({"no example to show", flags.source, "", "", ""});
  if (!flags.out.empty()) {
    replace_file(flags.out, contact_sheet(data, rows));
    console.say("wrote " + flags.out);
  }
  write_results(draw_examples(data, rows, terminal_of(1)));
  return kDone;
}

}  // namespace

void add_data_show(Program& program, CLI::App& data) {
  auto flags = std::make_shared<ShowFlags>();
  CLI::App* app =
      data.add_subcommand("show",
                          "Draw a sample of images on the terminal, and as a PNG.\n\n"
                          "Examples:\n  deltarule data show mnist\n"
                          "  deltarule data show mnist --class 7 --count 4\n"
                          "  deltarule data show synthetic --count 100 --out digits.png\n");
  app->add_option("SOURCE", flags->source, "a known set, a file or a folder")
      ->required()
      ->type_name("");
  flags->data.add_label_to(*app);
  add_integer_flag(*app, "--count", flags->count, 1, 10000, "how many");
  add_integer_flag(*app, "--seed", flags->seed, 0, std::int64_t{1} << 53, "of the sample");
  app->add_option("--class", flags->of_class, "only examples of this class")->type_name("NAME");
  app->add_option("-o,--out", flags->out, "write them as a PNG, too")->type_name("FILE");
  program.commands.push_back({app, [flags] { return run_show(*flags); }});
}

}  // namespace deltarule::app
