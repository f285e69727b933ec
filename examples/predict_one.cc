#include <iostream>
#include <vector>

#include "deltarule/data/open.h"
#include "deltarule/evaluation/predictor.h"

int main() {
  using namespace deltarule;
  // What examples/first.cc saves. A Predictor never changes, so all threads may share one; each
  // brings a workspace of its own, and a prediction allocates nothing.
  const Predictor predictor(load_model("digits.safetensors"));
  Predictor::Workspace workspace(predictor);
  std::vector<float> probabilities(predictor.classes().size());

  // Any 28×28 bytes, row by row, bright on dark: here from a data set, of which they are rows.
  const Dataset data = open_dataset("synthetic:700:2");
  for (std::size_t row = 0; row < 5; ++row) {
    const std::size_t answer = predictor.predict(data.bytes(row), workspace, probabilities);
    std::cout << "a " << data.classes[data.labels[row]] << " is taken for a "
              << predictor.classes()[answer] << ", probability " << probabilities[answer] << '\n';
  }
}
