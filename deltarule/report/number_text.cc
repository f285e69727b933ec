#include "deltarule/report/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace deltarule {
namespace {

constexpr const char* kMinus = "\u2212";

std::string printed(const char* format, int places, double x) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, places, x);
  return buffer.data();
}

std::string superscript(int exponent) {
  constexpr std::array<const char*, 10> kDigits = {"⁰", "¹", "²", "³", "⁴",
                                                   "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string result = exponent < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(exponent))) {
    result += kDigits[static_cast<std::size_t>(c - '0')];
  }
  return result;
}

bool ends_with(const std::string& metric, const char* ending) { return metric.ends_with(ending); }

}  // namespace

std::string decimal_text(double x, int places) {
  if (std::isnan(x)) return "not a number";
  if (std::isinf(x)) return x < 0 ? std::string(kMinus) + "∞" : "∞";
  std::string digits = printed("%.*f", places, std::abs(x));
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  if (places > 1 && digits.starts_with("0.")) digits.erase(0, 1);
  return (x < 0 && !zero ? kMinus : "") + digits;
}

std::string signed_text(double x, int places) {
  const std::string plain = decimal_text(x, places);
  return x < 0 || plain.find_first_not_of("0.") == std::string::npos ? plain : "+" + plain;
}

std::string scientific_text(double x, int digits) {
  if (!std::isfinite(x) || x == 0) return x == 0 ? "0" : decimal_text(x, 0);
  const std::string all = printed("%.*e", digits - 1, std::abs(x));
  const std::size_t e = all.find('e');
  const int exponent = std::stoi(all.substr(e + 1));
  if (exponent >= -3 && exponent < 4) {
    return decimal_text(x, std::max(0, digits - 1 - exponent));
  }
  const std::string power = "10" + superscript(exponent), factor = all.substr(0, e);
  return (x < 0 ? kMinus : "") + (factor == "1" ? power : factor + " × " + power);
}

std::string p_text(double p) {
  if (p < .001) return "p\u00a0<\u00a0.001";
  return "p\u00a0=\u00a0" + decimal_text(p, p < .1 ? 3 : 2);
}

std::string count_text(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string duration_text(double seconds) {
  if (seconds < 60) return printed("%.*f", 1, seconds) + " s";
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string count_of(std::size_t n, const std::string& noun, const std::string& nouns) {
  return count_text(n) + " " + (n == 1 ? noun : nouns.empty() ? noun + "s" : nouns);
}

int places_of(const std::string& metric) { return ends_with(metric, "epoch") ? 1 : 4; }

std::string describe_metric(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  if (dot == std::string::npos) {
    std::string words = metric;
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
  }
  std::string words = metric.substr(dot + 1);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words + ", " + metric.substr(0, dot) + " weights";
}

bool greater_is_better(const std::string& metric) { return ends_with(metric, "accuracy"); }

Summary summary_of(const ExperimentResult& result, const std::string& metric) {
  const std::vector<double> values = metric_of(result, metric);
  return values.empty() ? Summary{} : summarize(values);
}

double half_width(const Summary& summary) {
  return (summary.mean_95.high - summary.mean_95.low) / 2;
}

std::string mean_text(const Summary& summary, int places) {
  if (summary.n == 0) return "—";
  const std::string mean = decimal_text(summary.mean, places);
  if (summary.n == 1) return mean;
  return mean + " ± " + decimal_text(half_width(summary), places);
}

std::string interval_text(const Interval& interval, int places) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "—";
  return decimal_text(interval.low, places) + " to " + decimal_text(interval.high, places);
}

const ExperimentResult* find_experiment(const StudyResult& result, const std::string& name) {
  for (const ExperimentResult& experiment : result.experiments) {
    if (experiment.experiment.name == name) return &experiment;
  }
  return nullptr;
}

}  // namespace deltarule
