#include "app/bench_plan.h"

#include "app/text.h"
#include "deltarule/base/error.h"
#include "deltarule/base/threads.h"

namespace deltarule::app {
namespace {

std::vector<std::string> items_of(const std::string& list, const std::string& flag) {
  std::vector<std::string> items = split_at_commas(list);
  if (items.empty()) throw Error({"the list is empty", flag, "something between commas"});
  return items;
}

int parse_threads(const std::string& text) {
  if (text == "all") return available_threads();
  const OptionInfo info{"threads", OptionType::kInteger, 1, 1024, {}, ""};
  return static_cast<int>(std::get<std::int64_t>(parse_option(info, text, "--threads")));
}

std::vector<NamedNetwork> parse_networks(const std::string& list) {
  std::vector<NamedNetwork> networks;
  for (const std::string& name : items_of(list, "--networks")) {
    networks.push_back({name, parse_spec(name, "--networks")});
  }
  return networks;
}

/// The report's network and others, with the inputs and classes of the data.
std::vector<NamedNetwork> standard_networks(const Dataset& data) {
  std::string list;
  for (const char* hidden : {"-", "-128-", "-800-", "-2500-2000-1500-1000-500-"}) {
    list += std::to_string(data.features) + hidden + std::to_string(data.classes.size()) + ",";
  }
  return parse_networks(list);
}

}  // namespace

BenchPlan make_plan(const BenchFlags& flags) {
  BenchPlan plan;
  if (!flags.networks.empty()) plan.networks = parse_networks(flags.networks);
  for (const std::string& text : items_of(flags.threads, "--threads")) {
    add_once(plan.threads, parse_threads(text));
  }
  const std::vector<std::string> known = {"sparse", "dense"};
  for (const std::string& path : items_of(flags.paths, "--paths")) {
    if (std::find(known.begin(), known.end(), path) == known.end()) {
      throw_unknown_name(path, "path", known, "--paths");
    }
    add_once(plan.paths, path);
  }
  RunOptions options;
  run_options().set_text(options, "momentum", flags.momentum, "--momentum");
  plan.momentum = options.momentum;
  plan.epochs = flags.epochs > 0 ? static_cast<int>(flags.epochs) : flags.quick ? 2 : 5;
  plan.epoch_seconds = flags.quick ? 0.25 : 1.25;
  plan.prediction_seconds = flags.quick ? 0.1 : 0.5;
  return plan;
}

void fit_to_data(BenchPlan& plan, const Dataset& data, Console& console) {
  if (plan.networks.empty()) plan.networks = standard_networks(data);
  for (const NamedNetwork& network : plan.networks) {
    const NetworkSpec& spec = network.spec;
    if (spec.inputs != data.features || spec.classes() != data.classes.size()) {
      throw Error({"the network does not fit the data", "--networks " + network.name,
                   std::to_string(data.features) + " inputs and " +
                       counted(data.classes.size(), "class", "classes") + ", as in " + data.name,
                   std::to_string(spec.inputs) + " inputs and " +
                       counted(spec.classes(), "class", "classes")});
    }
  }
  const auto sparse = std::find(plan.paths.begin(), plan.paths.end(), "sparse");
  if (data.lit || sparse == plan.paths.end()) return;
  plan.paths.erase(sparse);
  const std::string why =
      "there is no sparse path: too few features of " + data.name + " are pixels of 0";
  if (plan.paths.empty()) throw Error({why, "--paths sparse", "", "", "use --paths dense"});
  console.say(why);
}

}  // namespace deltarule::app
