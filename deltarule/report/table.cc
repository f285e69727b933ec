#include "deltarule/report/table.h"

#include <cassert>

namespace deltarule {
namespace {

Html render_head(const Table& table) {
  Html cells;
  for (const Column& column : table.columns) {
    std::vector<Attribute> attributes = {{"scope", "col"}};
    if (column.numeric) attributes.push_back({"class", "number"});
    cells += tag("th", attributes, text(column.heading));
  }
  return tag("thead", tag("tr", cells));
}

Html render_row(const Table& table, const std::vector<Html>& row) {
  assert(row.size() == table.columns.size());
  Html cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::vector<Attribute> attributes;
    if (i == 0) attributes.push_back({"scope", "row"});
    if (table.columns[i].numeric) attributes.push_back({"class", "number"});
    cells += tag(i == 0 ? "th" : "td", attributes, row[i]);
  }
  return {tag("tr", cells).markup + "\n"};
}

}  // namespace

Html render(const Table& table) {
  Html body;
  for (const std::vector<Html>& row : table.rows) body += render_row(table, row);
  const Html grid =
      tag("table", {{"aria-label", table.caption}}, render_head(table) + tag("tbody", body));
  const Html caption = styled("span", "caption", text(table.caption)) +
                       tag("button",
                           {{"type", "button"},
                            {"data-csv", table.name},
                            {"hidden", ""},
                            {"aria-label", "Save this table as CSV"}},
                           text("CSV"));
  return styled("div", "table",
                styled("div", "bar", caption) + tag("div",
                                                    {{"class", "scroll"},
                                                     {"tabindex", "0"},
                                                     {"role", "region"},
                                                     {"aria-label", table.caption}},
                                                    grid));
}

Html render_facts(const std::vector<std::pair<std::string, Html>>& facts) {
  Html result;
  for (const auto& [name, value] : facts) result += tag("dt", text(name)) + tag("dd", value);
  return styled("dl", "facts", result);
}

}  // namespace deltarule
