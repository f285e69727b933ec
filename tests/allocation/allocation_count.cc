#include "tests/allocation/allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0};

}  // namespace

// The linker's --wrap=NAME renames calls of NAME to __wrap_NAME, and __real_NAME is the original.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void* __real_malloc(std::size_t);
void* __real_calloc(std::size_t, std::size_t);
void* __real_realloc(void*, std::size_t);
void* __real_aligned_alloc(std::size_t, std::size_t);

void* __wrap_malloc(std::size_t size) {
  ++count;
  return __real_malloc(size);
}
void* __wrap_calloc(std::size_t items, std::size_t size) {
  ++count;
  return __real_calloc(items, size);
}
void* __wrap_realloc(void* pointer, std::size_t size) {
  ++count;
  return __real_realloc(pointer, size);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  ++count;
  return __real_aligned_alloc(alignment, size);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

void* allocated(std::size_t size) {
  ++count;
  return __real_malloc(size == 0 ? 1 : size);
}

void* allocated(std::size_t size, std::align_val_t alignment) {
  ++count;
  const auto unit = static_cast<std::size_t>(alignment);
  return __real_aligned_alloc(unit, (size + unit - 1) / unit * unit);
}

void* or_throw(void* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

}  // namespace

// All forms: those for arrays would call the others, were they not a sanitizer's own.
using std::align_val_t, std::nothrow_t, std::size_t;
void* operator new(size_t n) { return or_throw(allocated(n)); }
void* operator new[](size_t n) { return or_throw(allocated(n)); }
void* operator new(size_t n, align_val_t unit) { return or_throw(allocated(n, unit)); }
void* operator new[](size_t n, align_val_t unit) { return or_throw(allocated(n, unit)); }
void* operator new(size_t n, const nothrow_t&) noexcept { return allocated(n); }
void* operator new[](size_t n, const nothrow_t&) noexcept { return allocated(n); }
void* operator new(size_t n, align_val_t unit, const nothrow_t&) noexcept {
  return allocated(n, unit);
}
void* operator new[](size_t n, align_val_t unit, const nothrow_t&) noexcept {
  return allocated(n, unit);
}
void operator delete(void* pointer) noexcept { std::free(pointer); }
void operator delete[](void* pointer) noexcept { std::free(pointer); }
void operator delete(void* pointer, size_t) noexcept { std::free(pointer); }
void operator delete[](void* pointer, size_t) noexcept { std::free(pointer); }
void operator delete(void* pointer, align_val_t) noexcept { std::free(pointer); }
void operator delete[](void* pointer, align_val_t) noexcept { std::free(pointer); }
void operator delete(void* pointer, size_t, align_val_t) noexcept { std::free(pointer); }
void operator delete[](void* pointer, size_t, align_val_t) noexcept { std::free(pointer); }

namespace deltarule {

std::size_t allocation_count() { return count; }

}  // namespace deltarule
