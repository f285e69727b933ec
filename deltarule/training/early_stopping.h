// When to stop: the validation loss has not improved for `patience` epochs.
#pragma once

#include <limits>

namespace deltarule {

class EarlyStopping {
 public:
  /// `patience` 0 never stops.
  EarlyStopping(int patience, double min_delta) : patience_(patience), min_delta_(min_delta) {}

  /// Takes the validation loss after `epoch`, epochs in rising order. Returns whether it is the
  /// least so far.
  bool record(int epoch, double loss) {
    if (loss < counted_loss_ - min_delta_) {
      counted_loss_ = loss;
      counted_epoch_ = epoch;
    }
    if (!(loss < best_loss_)) return false;
    best_loss_ = loss;
    best_epoch_ = epoch;
    return true;
  }

  bool should_stop(int epoch) const { return patience_ > 0 && epoch - counted_epoch_ >= patience_; }

  int best_epoch() const { return best_epoch_; }  ///< 0 before the first finite loss

 private:
  int patience_;
  double min_delta_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  int best_epoch_ = 0;
  // The last improvement of more than min_delta: small ones are kept but do not renew patience.
  double counted_loss_ = std::numeric_limits<double>::infinity();
  int counted_epoch_ = 0;
};

}  // namespace deltarule
