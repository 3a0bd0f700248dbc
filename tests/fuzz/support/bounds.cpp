// What holds for an input of every fuzzer: it is tried in a bounded time, and in bounded memory.

#include "fuzz/require.hpp"
#include "fuzz/try_input.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <sanitizer/allocator_interface.h>

namespace coroom::fuzz {
namespace {

// Of the processor, not of the clock on the wall: a busy machine is no finding. A server's turn has 50 ms,
// and sanitizers make it ten times as slow.
constexpr double longest = 0.5;  // seconds

// An input has 4 KiB at most, and is tried in several ways one after the other.
constexpr std::ptrdiff_t most = 16 << 20;  // bytes

std::atomic<std::ptrdiff_t> held{0};
std::atomic<std::ptrdiff_t> peak{0};

void note_allocation(const volatile void* block, std::size_t /*size*/) {
  const auto size =
      static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
  const std::ptrdiff_t now = held += size;
  if (now > peak) peak = now;
}

void note_release(const volatile void* block) {
  if (block == nullptr) return;
  held -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
}

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace
}  // namespace coroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coroom::fuzz;
  static const int installed = __sanitizer_install_malloc_and_free_hooks(note_allocation, note_release);
  require(installed != 0, "allocations are counted");
  const std::ptrdiff_t before = held;
  peak = before;
  const double begun = processor_time();
  const int worth_keeping = try_input(data, size);
  require(processor_time() - begun < longest, "an input takes less than half a second");
  require(peak - before < most, "an input takes less than 16 MiB at a time");
  return worth_keeping;
}
