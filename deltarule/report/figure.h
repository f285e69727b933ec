// Charts as data: Vega-Lite specifications that the page carries and its script draws.
//
// A figure has tables, panels that draw from them, and one legend for all panels, which the page
// writes itself so that it wraps on a narrow screen.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deltarule/report/markup.h"

namespace deltarule {

/// A number as figures keep it: six significant digits are more than a screen can show.
double rounded(double x);

struct Panel {
  std::string title;
  nlohmann::json specification;  ///< its data are named tables of the figure
};

/// A line of the legend.
struct Key {
  std::string label;
  std::string color;    ///< a CSS color
  bool dashed = false;  ///< for lines
};

struct Figure {
  std::string id;       ///< unique in the page; also its anchor
  std::string title;    ///< "Figure 3"
  std::string caption;  ///< what is shown, and what a band or a mark means
  std::vector<Key> keys;
  nlohmann::json datasets = nlohmann::json::object();  ///< name → column → values
  std::vector<Panel> panels;
};

Html render(const Figure& figure);

/// The i-th of the colors that people who are color-blind can tell apart, as the page's variable;
/// after the eighth they begin again, dashed.
std::string series_color(std::size_t i);
bool series_dashed(std::size_t i);
std::vector<Key> series_keys(const std::vector<std::string>& labels);
/// The same as a Vega-Lite color scale and a dash scale.
nlohmann::json color_encoding(const std::vector<std::string>& labels);
nlohmann::json dash_encoding(const std::vector<std::string>& labels);

/// {"field": …, "type": "quantitative", "title": …} with the rest of the axis left to the caller.
nlohmann::json quantity(const std::string& field, const std::string& title);

}  // namespace deltarule
