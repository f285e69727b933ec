// What `deltarule bench` is asked to measure.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "app/flags.h"
#include "deltarule/network/spec.h"

namespace deltarule::app {

struct BenchFlags {
  std::string networks, threads = "1,all", paths = "sparse,dense";
  std::int64_t epochs = 0;  ///< 0: as many as is usual
  std::string momentum = "0";
  bool quick = false;
};

struct NamedNetwork {
  std::string name;  ///< as it was asked for
  NetworkSpec spec;
};

/// What was asked for, checked.
struct BenchPlan {
  std::vector<NamedNetwork> networks;
  std::vector<int> threads;
  std::vector<std::string> paths;
  int epochs = 5;
  double momentum = 0;
  double epoch_seconds = 0;  ///< the longest epoch that is timed whole, at the floor
  double prediction_seconds = 0;
};

/// What can be said without the data, which may take a while to open. Throws Error.
BenchPlan make_plan(const BenchFlags& flags);

/// Names networks if none were asked for, and leaves out what the data makes impossible. Throws
/// Error if nothing is left or a network does not fit the data.
void fit_to_data(BenchPlan& plan, const Dataset& data, Console& console);

template <class Item>
void add_once(std::vector<Item>& items, const Item& item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
}

}  // namespace deltarule::app
