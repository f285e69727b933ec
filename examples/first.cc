#include <iostream>

#include "deltarule/data/open.h"
#include "deltarule/evaluation/metrics.h"
#include "deltarule/training/run.h"

int main() {
  using namespace deltarule;
  ThreadTeam team(available_threads());
  const Dataset data = open_dataset("synthetic:7000:1");  // or "mnist", a CSV, a folder

  RunOptions options;
  options.hidden = "64:relu";
  options.epochs = 5;
  Observer observer;
  observer.on_epoch = [](const EpochRecord& epoch) {
    std::cout << "epoch " << epoch.epoch << ": accuracy " << epoch.validation.accuracy << '\n';
  };
  const Run run = perform_run(data, options, /*seed=*/1, observer, team);
  std::cout << "test accuracy " << run.best.test.accuracy << '\n';
  save_model(make_model(run, data), "digits.safetensors");

  const Model model = load_model("digits.safetensors");
  const auto answers = predict(model.network, data, model.normalizer, run.split.test, team);
  std::cout << "first test image: " << model.classes[most_probable(answers.row(0))] << '\n';
}
