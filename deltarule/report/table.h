// Tables of the page: one look, aligned numbers, and a name under which the script saves them as
// CSV.
#pragma once

#include <string>
#include <vector>

#include "deltarule/report/markup.h"

namespace deltarule {

struct Column {
  std::string heading;
  bool numeric = false;  ///< aligned to the right, never broken
};

struct Table {
  std::string name;  ///< of the CSV file, without ".csv"
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Html>> rows;  ///< as many cells as columns; the first names the row
};

/// Scrolls sideways inside its own box where it is wider than the page.
Html render(const Table& table);

/// A name and a value on each line.
Html render_facts(const std::vector<std::pair<std::string, Html>>& facts);

}  // namespace deltarule
