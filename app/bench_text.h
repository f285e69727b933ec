// What `deltarule bench` found: for people, and the same for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "deltarule/benchmark/epochs.h"
#include "deltarule/benchmark/machine.h"
#include "deltarule/benchmark/predictions.h"
#include "deltarule/study/study.h"

namespace deltarule::app {

struct EpochRow {
  std::string network;    ///< as it was asked for
  double operations = 0;  ///< of the dense products of an epoch
  std::string path;       ///< "sparse" or "dense"
  int threads = 1;
  std::size_t examples_timed = 0;
  EpochTimes times;
};

struct PredictionRow {
  std::string network, path;
  PredictionTimes times;
};

struct BenchResult {
  Environment environment;
  std::string data, notice;  ///< its name; empty, or why it is this data
  double lit_share = 0;      ///< of its patches of four pixels; 0 if they are not told apart
  std::size_t examples = 0;  ///< of an epoch
  double momentum = 0;
  double clock_microseconds = 0;
  bool quick = false, interrupted = false;
  Floor floor;
  std::vector<EpochRow> epochs;
  std::vector<PredictionRow> predictions;
};

/// The time of the median epoch over that of its dense products at the floor of as many threads.
double share_of_floor(const EpochRow& row, const Floor& floor);

/// "784-128-10, sparse, 1 thread: 62.1 ms an epoch".
std::string row_text(const EpochRow& row);

std::string bench_text(const BenchResult& result);
nlohmann::ordered_json bench_json(const BenchResult& result);

}  // namespace deltarule::app
