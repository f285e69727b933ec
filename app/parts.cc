#include "app/parts.h"

#include <algorithm>
#include <numeric>

#include "deltarule/base/error.h"
#include "deltarule/base/options.h"
#include "deltarule/training/options.h"

namespace deltarule::app {
namespace {

const std::vector<std::string> kParts = {"test", "validation", "train", "all"};

std::string about(const Model& model, const std::string& key) {
  const auto found = model.about.find(key);
  return found == model.about.end() ? std::string() : found->second;
}

/// Whether this is the data that the model was trained on: its name and its bytes.
bool is_its_own(const Model& model, const Dataset& data) {
  const std::string content = content_of(data);
  return !about(model, "seed").empty() && about(model, "data") == data.name && !content.empty() &&
         about(model, "data_sha256") == content;
}

/// The split of the model's training, drawn again from what the model says of itself.
Split own_split(const Model& model, const Dataset& data) {
  RunOptions options;
  for (const std::string& name : run_options().names()) {
    const std::string text = about(model, "option." + name);
    if (!text.empty()) run_options().set_text(options, name, text, "the model's " + name);
  }
  const OptionInfo seed_info{"seed", OptionType::kInteger, 0, 9e15, {}, ""};
  const auto seed =
      std::get<std::int64_t>(parse_option(seed_info, about(model, "seed"), "the model's seed"));
  return split(data, {options.split, options.validation_fraction, options.test_fraction},
               static_cast<std::uint64_t>(seed));
}

std::vector<std::uint32_t> rows_between(std::size_t first, std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  return rows;
}

}  // namespace

Part choose_part(const Model& model, const Dataset& data, const std::string& name) {
  if (!name.empty() && std::find(kParts.begin(), kParts.end(), name) == kParts.end()) {
    throw_unknown_name(name, "part", kParts, "--part");
  }
  const bool official = data.test_count > 0;
  if (official && (name.empty() || name == "test")) {
    return {"test", rows_between(data.training_count, data.test_count), ""};
  }
  const bool own = is_its_own(model, data);
  if (name == "all" || (name.empty() && !own)) {
    const bool renewed = !own && about(model, "data") == data.name;
    return {"all", rows_between(0, data.count()),
            own ? "these examples include those that the model was trained on"
            : renewed
                ? "these are not the bytes that the model was trained on, although the name is "
                  "the same: some of these examples may have trained it"
                : ""};
  }
  if (!own) {
    throw Error(
        {.what = "only the data that a model was trained on has a part called " + name,
         .where = "--part " + name,
         .expected = "data " +
                     (about(model, "data").empty() ? "that the model names" : about(model, "data")),
         .found = about(model, "data") == data.name ? data.name + " with other bytes" : data.name,
         .next = "leave --part out, or use --part all"});
  }
  const Split parts = own_split(model, data);
  const std::string part = name.empty() ? "test" : name;
  return {
      part, part == "test" ? parts.test : (part == "train" ? parts.train : parts.validation),
      "the " + part + " part as the model's training drew it, from seed " + about(model, "seed")};
}

}  // namespace deltarule::app
