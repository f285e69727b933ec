#include "app/check_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/text.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

std::string verdict(bool passed) { return passed ? "PASS" : "FAIL"; }

double worst_at(const GradientCheck& check, double epsilon) {
  double worst = 0;
  for (const TensorCheck& tensor : check.tensors) {
    if (tensor.epsilon == epsilon) worst = std::max(worst, tensor.relative_error);
  }
  return worst;
}

/// The V: a column for each ε, a line for each power of ten of the worst relative error.
std::string sweep_chart(const GradientCheck& check, const GradientCheckOptions& options) {
  constexpr int kEmptiest = -16;
  constexpr std::size_t kColumn = 7;
  std::vector<int> heights;
  for (const double epsilon : options.epsilons) {
    const double worst = worst_at(check, epsilon);
    heights.push_back(worst > 0
                          ? std::max(kEmptiest, static_cast<int>(std::floor(std::log10(worst))))
                          : kEmptiest);
  }
  const int gate = static_cast<int>(std::lround(std::log10(options.gate)));
  const auto [low, high] = std::minmax_element(heights.begin(), heights.end());
  std::string text = "  worst relative error against ε\n";
  for (int power = std::max(*high, gate); power >= std::min(*low, gate); --power) {
    std::string line = formatted("  %6s |", ("1e" + std::to_string(power)).c_str());
    for (const int height : heights) {
      std::string cell(kColumn, ' ');
      if (height == power) cell[kColumn / 2] = '*';
      line += cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    // What stands on the gate's own line is between it and ten times it, so it has failed.
    if (power == gate) {
      text += "         |" + std::string(kColumn * heights.size(), '.') + " gate\n";
    }
  }
  std::string axis = "         +", labels = "          ";
  for (const double epsilon : options.epsilons) {
    axis += std::string(kColumn, '-');
    const std::string label = formatted("%.0e", epsilon);
    labels += std::string((kColumn - label.size()) / 2, ' ') + label +
              std::string(kColumn - label.size() - (kColumn - label.size()) / 2, ' ');
  }
  labels.erase(labels.find_last_not_of(' ') + 1);
  return text + axis + "\n" + labels + "\n";
}

std::string compared_text(const TensorCheck& tensor) {
  return tensor.compared + tensor.kinks == tensor.entries ? with_commas(tensor.compared) + " (all)"
                                                          : with_commas(tensor.compared);
}

Json tensors_json(const std::vector<TensorCheck>& tensors) {
  Json list = Json::array();
  for (const TensorCheck& tensor : tensors) {
    list.push_back({{"tensor", tensor.tensor},
                    {"epsilon", tensor.epsilon},
                    {"relative_error", tensor.relative_error},
                    {"entries", tensor.entries},
                    {"compared", tensor.compared},
                    {"kinks", tensor.kinks}});
  }
  return list;
}

const StudyFile::PaperEntry* find_entry(const std::vector<StudyFile::PaperEntry>& paper,
                                        const std::string& location) {
  for (const StudyFile::PaperEntry& entry : paper) {
    if (entry.location == location) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string gradient_text(const GradientCheck& check, const GradientCheckOptions& options) {
  Table table("lrrrrl");
  table.add({"tensor", "entries", "compared", "kinks", "relative error", ""});
  const auto add = [&](const TensorCheck& tensor, const std::string& suffix) {
    table.add({tensor.tensor + suffix, with_commas(tensor.entries), compared_text(tensor),
               with_commas(tensor.kinks), formatted("%.1e", tensor.relative_error),
               verdict(tensor.relative_error < options.gate && tensor.compared > 0)});
  };
  for (const TensorCheck& tensor : check.tensors) {
    if (tensor.epsilon == options.gate_epsilon) add(tensor, "");
  }
  for (const TensorCheck& tensor : check.penalty) add(tensor, ", penalty");
  return verdict(check.passed) + "  gradients of " + check.network +
         formatted(": worst relative error %.1e at ε = %.0e, gate %.0e\n",
                   check.worst_relative_error, options.gate_epsilon, options.gate) +
         table.text("  ") + sweep_chart(check, options);
}

Json gradient_json(const GradientCheck& check) {
  return {{"network", check.network},
          {"passed", check.passed},
          {"worst_relative_error", check.worst_relative_error},
          {"tensors", tensors_json(check.tensors)},
          {"penalty", tensors_json(check.penalty)}};
}

std::string entries_text(const std::vector<EntryCheck>& ours,
                         const std::vector<StudyFile::PaperEntry>& paper) {
  Table table("lrrrr");
  table.add({"entry", "differences", "backward pass", "apart", "apart in the report"});
  for (const EntryCheck& entry : ours) {
    const StudyFile::PaperEntry* printed = find_entry(paper, entry.location);
    table.add({entry.location, formatted("%.6f", entry.numeric), formatted("%.6f", entry.backward),
               formatted("%.6e", entry.difference),
               printed == nullptr ? "" : formatted("%.6e", printed->difference)});
  }
  return "The report's own six entries, one image, ε = 0.01\n" + table.text("  ");
}

Json entries_json(const std::vector<EntryCheck>& ours,
                  const std::vector<StudyFile::PaperEntry>& paper) {
  Json list = Json::array();
  for (const EntryCheck& entry : ours) {
    const StudyFile::PaperEntry* printed = find_entry(paper, entry.location);
    list.push_back(
        {{"location", entry.location},
         {"numeric", entry.numeric},
         {"backward", entry.backward},
         {"difference", entry.difference},
         {"report_difference", printed == nullptr ? Json() : Json(printed->difference)}});
  }
  return list;
}

std::string preflight_text(const std::vector<PreflightCheck>& checks) {
  std::string text;
  for (const PreflightCheck& check : checks) {
    text += verdict(check.passed) + "  " + check.name + "\n        expected " + check.expected +
            "\n        found    " + check.found + "\n";
    if (!check.passed) text += "        " + check.why + "\n";
  }
  return text;
}

Json preflight_json(const std::vector<PreflightCheck>& checks) {
  Json list = Json::array();
  for (const PreflightCheck& check : checks) {
    list.push_back({{"name", check.name},
                    {"passed", check.passed},
                    {"expected", check.expected},
                    {"found", check.found},
                    {"why", check.why}});
  }
  return list;
}

}  // namespace deltarule::app
