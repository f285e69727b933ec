#include "deltarule/training/step.h"

#include <gtest/gtest.h>

#include <numeric>

#include "deltarule/data/lit_pixels.h"
#include "deltarule/data/synthetic_digits.h"
#include "deltarule/evaluation/evaluate.h"
#include "deltarule/network/initializer.h"
#include "tests/allocation/allocation_count.h"

namespace deltarule {
namespace {

constexpr std::size_t kBatch = 8;
#ifdef NDEBUG
constexpr int kSteps = 10000;
#else
constexpr int kSteps = 300;  // many times slower
#endif

struct Setting {
  Dataset data = make_synthetic_digits(600);
  Normalizer normalizer;
  std::vector<std::uint32_t> rows;
  Network<float> network;

  Setting(const char* spec, bool lit)
      : rows(data.count()),
        network(make_network(parse_spec(spec, "test"), parse_initializer("fan-in", "test"), 1)) {
    if (lit) data.lit = make_lit_pixels(data);
    EXPECT_EQ(data.lit != nullptr, lit);
    std::iota(rows.begin(), rows.end(), 0);
  }

  /// The last one of an epoch is short.
  Batch batch(int step) const {
    const std::size_t first = static_cast<std::size_t>(step) * kBatch % (rows.size() - 3);
    return {data, normalizer,
            std::span(rows).subspan(first, std::min(kBatch, rows.size() - 3 - first))};
  }
};

/// Allocations in kSteps, after one that may allocate.
std::size_t allocations_in_steps(Setting& setting, int members) {
  RunOptions options;
  options.batch = kBatch;
  options.momentum = 0.5;
  options.l2 = 1e-4;
  Stepper stepper(setting.network.spec, options, members);
  stepper.prepare(setting.data, setting.normalizer);
  ThreadTeam team(members);
  std::size_t before = 0;
  team.run(members, [&](const Member& member) {
    stepper.take(setting.network, member);
    stepper.step(setting.batch(0), 0.01, setting.network, member);
    member.wait();
    if (member.index == 0) before = allocation_count();
    member.wait();
    for (int step = 1; step <= kSteps; ++step) {
      stepper.step(setting.batch(step), 0.01, setting.network, member);
    }
    stepper.give_back(setting.network, member);
  });
  return allocation_count() - before;
}

TEST(Step, AllocatesNothing) {
  for (const char* spec : {"784-64:tanh-10", "784-10"}) {
    for (const bool lit : {true, false}) {
      Setting setting(spec, lit);
      EXPECT_EQ(allocations_in_steps(setting, 1), 0u) << spec << (lit ? ", lit" : ", dense");
    }
  }
}

TEST(Step, AllocatesNothingOnTwoThreads) {
  for (const char* spec : {"784-64:tanh-10", "784-64:relu-64:sigmoid-10"}) {
    for (const bool lit : {true, false}) {
      Setting setting(spec, lit);
      EXPECT_EQ(allocations_in_steps(setting, 2), 0u) << spec << (lit ? ", lit" : ", dense");
    }
  }
}

TEST(Evaluate, AllocatesNothingAfterTheFirstTime) {
  for (const int threads : {1, 2}) {
    for (const bool lit : {true, false}) {
      const Setting setting("784-64:tanh-10", lit);
      EvaluationWorkspace workspace(setting.network.spec, threads);
      ThreadTeam team(threads);
      const auto judge = [&] {
        evaluate(setting.network, setting.data, setting.normalizer, setting.rows, workspace, team);
      };
      judge();
      const std::size_t before = allocation_count();
      for (int i = 0; i < 100; ++i) judge();
      EXPECT_EQ(allocation_count() - before, 0u) << threads << (lit ? ", lit" : ", dense");
    }
  }
}

}  // namespace
}  // namespace deltarule
