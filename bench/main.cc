// All benchmarks. Takes the flags of Google Benchmark, and --instruction_set=NAME.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <string>

#include "deltarule/math/instruction_set.h"

namespace {

/// Takes the flag out of the arguments, so that what is left are the others' flags.
void take_instruction_set(int& argc, char** argv) {
  const std::string flag = "--instruction_set=";
  int kept = 0;
  for (int i = 0; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with(flag)) {
      deltarule::use_instruction_set(word.substr(flag.size()));
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    take_instruction_set(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kernels_benchmark: %s\n", error.what());
    return 2;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("instruction_set", deltarule::instruction_set());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
