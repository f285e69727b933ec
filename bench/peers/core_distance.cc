// How far the cores are from each other: the nanoseconds that a word needs from one thread to
// another and back, the least of five tries. On a rented machine this changes while one watches,
// as its cores are moved together and apart, and what two threads can gain changes with it.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

namespace {

double round_trip_nanoseconds() {
  constexpr int kTrips = 100000;
  std::atomic<int> word{0};
  std::thread other([&word] {
    for (int i = 1; i <= kTrips; ++i) {
      while (word.load() != 2 * i - 1) {
      }
      word.store(2 * i);
    }
  });
  const auto start = std::chrono::steady_clock::now();
  for (int i = 1; i <= kTrips; ++i) {
    word.store(2 * i - 1);
    while (word.load() != 2 * i) {
    }
  }
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
  other.join();
  return time.count() / kTrips;
}

}  // namespace

int main() {
  if (std::thread::hardware_concurrency() < 2) return 0;
  double least = round_trip_nanoseconds();
  for (int i = 0; i < 4; ++i) least = std::min(least, round_trip_nanoseconds());
  std::printf("%.0f\n", least);
}
