#include "allocation/failing_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace coroom::test {
namespace {

using Which = FailingAllocations::Which;

constinit std::atomic<unsigned> number_of_failing{0};  // 0: none fails
constinit std::atomic<Which> which_fail{Which::each_nth};
constinit std::atomic<unsigned> allocations{0};
constinit std::atomic<unsigned> failed{0};
constinit thread_local bool is_spared = false;

bool fails() {
  const unsigned number = number_of_failing.load(std::memory_order_relaxed);
  if (number == 0 || is_spared) return false;
  const unsigned before = allocations++;
  return which_fail == Which::nth ? before == number - 1 : before % number == number - 1;
}

void* allocate(std::size_t size) {
  if (fails()) {
    ++failed;
    throw std::bad_alloc();
  }
  void* const memory = std::malloc(size == 0 ? 1 : size);  // NOLINT(cppcoreguidelines-no-malloc)
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

FailingAllocations::FailingAllocations(Which which, unsigned number) {
  allocations = 0;
  failed = 0;
  which_fail = which;
  number_of_failing = number;
}

FailingAllocations::~FailingAllocations() {
  number_of_failing = 0;
}

unsigned FailingAllocations::count() {
  return failed;
}

void FailingAllocations::spare_this_thread() {
  is_spared = true;
}

}  // namespace coroom::test

// NOLINTBEGIN(cppcoreguidelines-no-malloc, misc-new-delete-overloads)
void* operator new(std::size_t size) {
  return coroom::test::allocate(size);
}
void* operator new[](std::size_t size) {
  return coroom::test::allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc, misc-new-delete-overloads)
