#include "app/bench_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/text.h"
#include "deltarule/benchmark/median.h"

namespace deltarule::app {
namespace {

using Json = nlohmann::ordered_json;

std::string milliseconds_text(double milliseconds) {
  return milliseconds < 99.95 ? formatted("%.1f", milliseconds)
                              : with_commas(static_cast<std::uint64_t>(std::lround(milliseconds)));
}

std::string floor_text(const Floor& floor) {
  std::vector<std::string> peaks;
  for (const auto& [threads, gflops] : floor.gflops) {
    peaks.push_back(formatted("%.1f on ", gflops) + counted(threads, "thread", "threads"));
  }
  Table table("ll");
  table.add({"fp32 peak", "GFLOP/s: " + joined(peaks, ", ")});
  table.add({"reading", formatted("GB/s, 1 thread: %.0f from L2, %.0f from L3, %.0f from memory",
                                  floor.l2_gigabytes_per_second, floor.l3_gigabytes_per_second,
                                  floor.dram_gigabytes_per_second)});
  return table.text();
}

std::string epochs_text(const BenchResult& result) {
  Table table("llrrrrr");
  table.add({"network", "path", "threads", "ms an epoch", "least to most", "of the floor",
             "examples timed"});
  for (const EpochRow& row : result.epochs) {
    const std::vector<double>& each = row.times.milliseconds;
    const auto [least, most] = std::minmax_element(each.begin(), each.end());
    const bool fewer = row.times.threads_used < row.threads;
    table.add({row.network, row.path,
               fewer ? formatted("%d of %d", row.times.threads_used, row.threads)
                     : std::to_string(row.threads),
               milliseconds_text(median(each)),
               milliseconds_text(*least) + " to " + milliseconds_text(*most),
               formatted("%.2f", share_of_floor(row, result.floor)),
               formatted("%zu × ", each.size()) + with_commas(row.examples_timed)});
  }
  return table.text();
}

std::string predictions_text(const BenchResult& result) {
  Table table("llrrr");
  table.add({"one at a time", "path", "p50 µs", "p99 µs", "images a second"});
  for (const PredictionRow& row : result.predictions) {
    table.add({row.network, row.path, formatted("%.2f", median(row.times.microseconds)),
               formatted("%.2f", quantile(row.times.microseconds, 0.99)),
               with_commas(static_cast<std::uint64_t>(row.times.images_per_second))});
  }
  return table.text();
}

std::string heading_text(const BenchResult& result) {
  const Environment& here = result.environment;
  Table table("ll");
  table.add({"program", "deltarule " + here.version + ", commit " + here.commit + ", " +
                            here.compiler + ", " + here.date});
  table.add({"machine", here.processor + ", " + here.instruction_set + ", " + here.system});
  table.add(
      {"data",
       result.data + ", " + counted(result.examples, "example", "examples") + " an epoch" +
           (result.lit_share > 0 ? formatted(", %.0f %% of its patches lit", 100 * result.lit_share)
                                 : "")});
  table.add(
      {"training", formatted("SGD, momentum %g, batches of %zu, float32; the median epoch after a "
                             "warm-up",
                             result.momentum, kTimedBatch)});
  return table.text();
}

}  // namespace

double share_of_floor(const EpochRow& row, const Floor& floor) {
  const double floor_milliseconds = row.operations / floor.gflops.at(row.threads) / 1e6;
  return median(row.times.milliseconds) / floor_milliseconds;
}

std::string row_text(const EpochRow& row) {
  return row.network + ", " + row.path + ", " + counted(row.threads, "thread", "threads") + ": " +
         milliseconds_text(median(row.times.milliseconds)) + " ms an epoch";
}

std::string bench_text(const BenchResult& result) {
  std::string text = heading_text(result) + "\n" + floor_text(result.floor);
  if (!result.epochs.empty()) text += "\n" + epochs_text(result);
  if (!result.predictions.empty()) text += "\n" + predictions_text(result);
  text += "\n";
  if (result.interrupted) text += "Interrupted: only what was measured until then.\n";
  if (result.quick)
    text += "Quick: few epochs, and of large networks few examples: rough figures.\n";
  if (!result.notice.empty()) text += result.notice + "\n";
  return text + "How to read this: deltarule bench --help\n";
}

nlohmann::ordered_json bench_json(const BenchResult& result) {
  const Floor& floor = result.floor;
  Json epochs = Json::array();
  for (const EpochRow& row : result.epochs) {
    epochs.push_back({{"network", row.network},
                      {"path", row.path},
                      {"threads", row.threads},
                      {"milliseconds", median(row.times.milliseconds)},
                      {"share_of_floor", share_of_floor(row, floor)},
                      {"floor_gflops", floor.gflops.at(row.threads)},
                      {"each_milliseconds", row.times.milliseconds},
                      {"examples_timed", row.examples_timed},
                      {"threads_used", row.times.threads_used},
                      {"training_accuracy", row.times.accuracy}});
  }
  Json predictions = Json::array();
  for (const PredictionRow& row : result.predictions) {
    predictions.push_back({{"path", row.path},
                           {"p50_us", median(row.times.microseconds)},
                           {"p99_us", quantile(row.times.microseconds, 0.99)},
                           {"images_per_second", row.times.images_per_second},
                           {"network", row.network},
                           {"images_timed", row.times.microseconds.size()}});
  }
  const Environment& here = result.environment;
  return {{"target", here.instruction_set},
          {"floor",
           {{"fp32_gflops", floor.gflops.at(1)},
            {"fp32_gflops_all_threads", floor.gflops.at(here.threads)},
            {"l2_gb_per_second", floor.l2_gigabytes_per_second},
            {"l3_gb_per_second", floor.l3_gigabytes_per_second},
            {"dram_gb_per_second", floor.dram_gigabytes_per_second}}},
          {"epochs", epochs},
          {"prediction", predictions},
          {"clock_us", result.clock_microseconds},
          {"data", result.data},
          {"notice", result.notice},
          {"lit_share", result.lit_share},
          {"examples", result.examples},
          {"batch", kTimedBatch},
          {"momentum", result.momentum},
          {"quick", result.quick},
          {"interrupted", result.interrupted},
          {"environment",
           {{"version", here.version},
            {"commit", here.commit},
            {"compiler", here.compiler},
            {"processor", here.processor},
            {"system", here.system},
            {"command", here.command},
            {"date", here.date},
            {"threads", here.threads}}}};
}

}  // namespace deltarule::app
