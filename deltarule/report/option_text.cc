#include "deltarule/report/option_text.h"

#include <algorithm>
#include <map>

namespace deltarule {

std::vector<NamedValue> all_options(const RunOptions& options) {
  std::vector<NamedValue> values;
  for (const auto& option : run_options().options()) {
    values.emplace_back(option.info.name, to_text(option.get(options)));
  }
  return values;
}

std::vector<NamedValue> common_options(const std::vector<const ExperimentResult*>& experiments) {
  std::vector<std::vector<NamedValue>> all;
  for (const ExperimentResult* result : experiments) {
    all.push_back(all_options(result->experiment.options));
  }
  if (all.empty()) return {};
  std::vector<NamedValue> common = all.front();
  for (std::size_t i = 0; i < common.size(); ++i) {
    std::map<std::string, std::size_t> counts;
    for (const auto& values : all) ++counts[values[i].second];
    for (const auto& values : all) {
      if (counts[values[i].second] > counts[common[i].second]) common[i] = values[i];
    }
  }
  return common;
}

std::vector<NamedValue> differing_options(const RunOptions& options,
                                          const std::vector<NamedValue>& common) {
  std::vector<NamedValue> differing;
  for (const NamedValue& value : all_options(options)) {
    if (std::find(common.begin(), common.end(), value) == common.end()) differing.push_back(value);
  }
  return differing;
}

std::string option_label(const std::string& name) {
  static const std::map<std::string, std::string> kLetters = {
      {"learning_rate", "α"}, {"momentum", "γ"}, {"l1", "λ₁"}, {"l2", "λ₂"}};
  if (const auto found = kLetters.find(name); found != kLetters.end()) return found->second;
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace deltarule
