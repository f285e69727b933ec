// How long an epoch of training takes, and how long its arithmetic would.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "deltarule/data/dataset.h"
#include "deltarule/network/spec.h"

namespace deltarule {

/// The operations (a multiplication with its addition is two) of the dense products of a step on
/// one example: forward, the gradient of the weights, and the deltas of every layer but the first.
double dense_operations(const NetworkSpec& spec);

inline constexpr std::size_t kTimedBatch = 128;

/// SGD with batches of that many images, normalized one by one. The path is the data's: sparse
/// where it has `lit`, else dense.
struct EpochTask {
  const NetworkSpec& spec;
  const Dataset& data;
  std::size_t examples = 0;        ///< of an epoch; from the training part, in a seeded order
  std::size_t examples_timed = 0;  ///< at most `examples`; what is timed is scaled to them
  int threads = 1;
  int epochs = 5;  ///< timed; one more goes before them
  double momentum = 0;
};

struct EpochTimes {
  /// Of each timed epoch, scaled to all examples; fewer than asked for if it was interrupted.
  std::vector<double> milliseconds;
  int threads_used = 1;  ///< as many as the trainer finds worth having
  double accuracy = 0;   ///< in the last epoch, on its examples; tells that it learns
};

/// The time is that of steps alone, as EpochRecord::training_seconds has it.
/// `on_epoch` (may be empty) hears the number of each epoch that is over, 1 for that of the
/// warm-up; `should_stop` as in Observer. Throws Error if the training diverges.
EpochTimes time_epochs(const EpochTask& task, const std::function<void(int)>& on_epoch,
                       const std::function<bool()>& should_stop);

/// The most examples, in whole batches and at least four, whose dense products take at most
/// `seconds` at `gflops`; never more than `examples`.
std::size_t examples_within(double seconds, const NetworkSpec& spec, std::size_t examples,
                            double gflops);

}  // namespace deltarule
