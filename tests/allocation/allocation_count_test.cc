#include "tests/allocation/allocation_count.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include "deltarule/math/matrix.h"

namespace deltarule {
namespace {

/// How many allocations `action` makes.
template <class Action>
std::size_t allocations_of(const Action& action) {
  const std::size_t before = allocation_count();
  action();
  return allocation_count() - before;
}

struct alignas(256) Aligned {
  char bytes[256];
};

/// Keeps the compiler from leaving an allocation out.
void use(void* memory) {
  static void* volatile used = nullptr;
  used = memory;
  EXPECT_NE(used, nullptr);
}

TEST(AllocationCount, SeesEveryWayToAllocate) {
  EXPECT_EQ(allocations_of([] {}), 0u);
  EXPECT_EQ(allocations_of([] { use(std::make_unique<int>().get()); }), 1u);
  EXPECT_EQ(allocations_of([] { use(std::make_unique<int[]>(9).get()); }), 1u);
  EXPECT_EQ(allocations_of([] { use(std::unique_ptr<int>(new (std::nothrow) int).get()); }), 1u);
  EXPECT_EQ(allocations_of([] { use(std::make_unique<Aligned>().get()); }), 1u);
  EXPECT_EQ(allocations_of([] { use(std::make_unique<Aligned[]>(3).get()); }), 1u);
  EXPECT_EQ(allocations_of([] { use(Matrix<float>({3, 5}).view().data); }), 1u);
  EXPECT_EQ(allocations_of([] {
              void* memory = std::malloc(9);
              use(memory);
              std::free(memory);
            }),
            1u);
}

TEST(AllocationCount, SeesThoseOfOtherThreads) {
  EXPECT_GE(allocations_of([] { std::jthread([] { use(std::vector<int>(100).data()); }); }), 1u);
}

}  // namespace
}  // namespace deltarule
