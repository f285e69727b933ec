#include <algorithm>

#include "deltarule/report/number_text.h"
#include "deltarule/report/sections.h"
#include "deltarule/report/sweeps.h"
#include "deltarule/report/table.h"

namespace deltarule {
namespace {

Html passed_chip(bool passed) {
  return tag("span", {{"class", passed ? "chip passed" : "chip failed"}},
             text(passed ? "passed" : "failed"));
}

std::vector<Html> check_row(const std::string& name, const TensorCheck& check) {
  return {text(name), text(scientific_text(check.relative_error)),
          text(count_text(check.compared) + " of " + count_text(check.entries)),
          text(count_text(check.kinks))};
}

Html check_table(std::size_t i, const GradientCheck& check) {
  const GradientCheckOptions defaults;
  Table table;
  table.name = "gradient-check-" + std::to_string(i + 1);
  table.caption = check.network + " at ε = " + scientific_text(defaults.gate_epsilon, 1);
  table.columns = {
      {"Tensor"}, {"Relative error", true}, {"Entries compared", true}, {"Kinks skipped", true}};
  for (const TensorCheck& tensor : check.tensors) {
    if (tensor.epsilon == defaults.gate_epsilon) {
      table.rows.push_back(check_row(tensor.tensor, tensor));
    }
  }
  for (const TensorCheck& tensor : check.penalty) {
    table.rows.push_back(check_row(tensor.tensor + ", penalty alone", tensor));
  }
  return render(table);
}

Html check_part(std::size_t i, const GradientCheck& check) {
  const std::string worst =
      " Greatest relative error " + scientific_text(check.worst_relative_error) + ".";
  return tag("h3", text(check.network)) + tag("p", passed_chip(check.passed) + text(worst)) +
         render(gradient_sweep("gradient-" + std::to_string(i + 1), check)) + check_table(i, check);
}

/// The report's six entries beside ours.
Html entry_table(const StudyResult& result) {
  Table table;
  table.name = "gradient-entries";
  table.caption = "The report’s six entries, one example, ε = 0.01";
  table.columns = {{"Location"},         {"Report: slope", true}, {"backprop", true},
                   {"difference", true}, {"Ours: slope", true},   {"backprop", true},
                   {"difference", true}};
  for (const StudyFile::PaperEntry& entry : result.study.paper_entries) {
    std::vector<Html> row = {text(entry.location), text(decimal_text(entry.approximation, 6)),
                             text(decimal_text(entry.backprop, 6)),
                             text(scientific_text(entry.difference, 3))};
    const auto ours =
        std::find_if(result.report_entries.begin(), result.report_entries.end(),
                     [&](const EntryCheck& check) { return check.location == entry.location; });
    if (ours == result.report_entries.end()) {
      row.insert(row.end(), 3, text("—"));
    } else {
      row.push_back(text(decimal_text(ours->numeric, 6)));
      row.push_back(text(decimal_text(ours->backward, 6)));
      row.push_back(text(scientific_text(ours->difference, 3)));
    }
    table.rows.push_back(std::move(row));
  }
  return tag("h3", text("The report’s own table")) + render(table) +
         styled("p", "note",
                text("The weights differ from the report’s, so the slopes do too; what can be "
                     "compared is the size of the differences. A centered difference is itself "
                     "wrong by (ε²/6)|E‴|, about 10⁻⁶ for a slope near 1, and a bound of "
                     "ε² = 10⁻⁴ says nothing about slopes of 10⁻³."));
}

}  // namespace

Html gradient_section(const StudyResult& result) {
  if (result.gradient_checks.empty() && result.study.paper_entries.empty()) return {};
  Html inner =
      tag("p", text("Is the backward pass the derivative of the loss? Each derivative is "
                    "compared with (E(w + ε) − E(w − ε)) / 2ε in double precision. Where "
                    "a step of ε crosses a kink of ReLU there is no derivative to compare: "
                    "such entries are skipped and counted."));
  for (std::size_t i = 0; i < result.gradient_checks.size(); ++i) {
    inner += check_part(i, result.gradient_checks[i]);
  }
  if (!result.study.paper_entries.empty()) inner += entry_table(result);
  return section("gradients", "Gradient check", inner);
}

}  // namespace deltarule
