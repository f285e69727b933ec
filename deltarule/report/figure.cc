#include "deltarule/report/figure.h"

#include <cstdio>
#include <cstdlib>

namespace deltarule {
namespace {

constexpr std::size_t kColors = 8;

Html render_keys(const std::vector<Key>& keys) {
  Html items;
  for (const Key& key : keys) {
    items += tag(
        "li",
        tag("i", {{"class", key.dashed ? "key dashed" : "key"}, {"style", "--key:" + key.color}},
            {}) +
            text(key.label));
  }
  return keys.empty() ? Html{} : styled("ul", "keys", items);
}

nlohmann::json scale_encoding(const std::vector<std::string>& labels, const nlohmann::json& range) {
  return {{"field", "series"},
          {"type", "nominal"},
          {"legend", nullptr},
          {"scale", {{"domain", labels}, {"range", range}}}};
}

}  // namespace

double rounded(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", x);
  return std::strtod(buffer, nullptr);
}

Html render(const Figure& figure) {
  Html panels;
  nlohmann::json specifications = nlohmann::json::array();
  for (const Panel& panel : figure.panels) {
    nlohmann::json specification = panel.specification;
    specification["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json";
    specification["description"] = figure.title + ". " + panel.title;
    specification["width"] = "container";
    specification["autosize"] = {{"type", "fit-x"}, {"contains", "padding"}};
    specifications.push_back(specification);
    const Html heading =
        panel.title.empty() ? Html{} : styled("h4", "panel-title", text(panel.title));
    panels += styled("div", "panel", heading + tag("div", {{"data-chart", ""}}, {}));
  }
  const nlohmann::json data = {{"datasets", figure.datasets}, {"panels", specifications}};
  // Names from a file may hold bytes that are no UTF-8; a page must come out all the same.
  const std::string json = data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const Html caption =
      tag("figcaption", tag("b", text(figure.title + ".")) + text(" " + figure.caption));
  return tag("figure", {{"id", figure.id}, {"data-figure", ""}, {"class", "chart"}},
             render_keys(figure.keys) +
                 styled("div", figure.panels.size() > 1 ? "panels" : "panels one", panels) +
                 caption + json_element(json));
}

std::string series_color(std::size_t i) {
  return "var(--c" + std::to_string(i % kColors + 1) + ")";
}

bool series_dashed(std::size_t i) { return i >= kColors; }

std::vector<Key> series_keys(const std::vector<std::string>& labels) {
  std::vector<Key> keys;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    keys.push_back({labels[i], series_color(i), series_dashed(i)});
  }
  return keys;
}

nlohmann::json color_encoding(const std::vector<std::string>& labels) {
  nlohmann::json range = nlohmann::json::array();
  for (std::size_t i = 0; i < labels.size(); ++i) range.push_back(series_color(i));
  return scale_encoding(labels, range);
}

nlohmann::json dash_encoding(const std::vector<std::string>& labels) {
  nlohmann::json range = nlohmann::json::array();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    range.push_back(series_dashed(i) ? nlohmann::json{4, 3} : nlohmann::json{1, 0});
  }
  return scale_encoding(labels, range);
}

nlohmann::json quantity(const std::string& field, const std::string& title) {
  return {{"field", field}, {"type", "quantitative"}, {"title", title}};
}

}  // namespace deltarule
