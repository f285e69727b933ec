#include "deltarule/training/options.h"

namespace deltarule {

const OptionSet<RunOptions>& run_options() {
  static const OptionSet<RunOptions> set = [] {
    using R = RunOptions;
    OptionSet<R> s;
    s.add_text(
        "hidden", &R::hidden,
        "hidden layers as UNITS:ACTIVATION joined by commas, or none for softmax regression; "
        "activations are tanh, sigmoid, relu, identity");
    s.add_text("initializer", &R::initializer,
               "how weights begin: fan-in, glorot, he, lecun, normal:DEVIATION, uniform:LOW:HIGH, "
               "zeros");
    s.add_number("learning_rate", &R::learning_rate, 0, 1000, "the step α of the first epoch");
    s.add_text("schedule", &R::schedule,
               "how the step changes: constant, step:EPOCHS:FACTOR, or cosine (to 0 at the last "
               "epoch)");
    s.add_number("momentum", &R::momentum, 0, 0.9999, "γ, the share of the last update kept");
    s.add_switch("nesterov", &R::nesterov, "look ahead along the momentum (Nesterov)");
    s.add_integer("batch", &R::batch, 1, 1'000'000, "examples per step");
    s.add_integer("epochs", &R::epochs, 1, 1'000'000, "most passes over the training part");
    s.add_integer("patience", &R::patience, 0, 1'000'000,
                  "epochs without a better validation loss before training stops; 0 never stops");
    s.add_number("min_delta", &R::min_delta, 0, 1e6,
                 "an improvement of the validation loss must exceed this to count");
    s.add_number("l1", &R::l1, -1, 1, "λ of the L1 penalty λ Σ|w|; negative rewards large weights");
    s.add_number("l2", &R::l2, -1, 1,
                 "λ of the L2 penalty (λ/2) Σ w²; negative rewards large weights");
    s.add_choice("penalty_step", &R::penalty_step, {"objective", "direct"},
                 "whether a penalty's gradient is scaled by the step like any other, or moves the "
                 "weights directly");
    s.add_choice("reduction", &R::reduction, {"mean", "sum"},
                 "whether the objective of a batch is its examples' mean or sum");
    s.add_choice("normalize", &R::normalize, {"per-image", "global", "per-feature", "none"},
                 "what mean and deviation the inputs are brought to 0 and 1 by");
    s.add_choice("split", &R::split, {"stratified", "official", "paper"},
                 "how examples are divided into train, validation and test");
    s.add_number("validation_fraction", &R::validation_fraction, 0.001, 0.9,
                 "share of the training part that validates");
    s.add_number("test_fraction", &R::test_fraction, 0.001, 0.9,
                 "share that tests, where the data has no official test part");
    s.add_choice("keep", &R::keep, {"best", "last"}, "which weights are saved");
    return s;
  }();
  return set;
}

}  // namespace deltarule
