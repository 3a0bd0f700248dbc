// The bounds of time and memory for an input of any fuzzer.

#include "fuzz/require.hpp"
#include "fuzz/try_input.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <sanitizer/allocator_interface.h>

namespace coroom::fuzz {
namespace {

// Processor time, so that a busy machine causes no finding. A turn of a server has 50 ms, and sanitizers slow
// it down by a factor of ten.
constexpr double time_limit = 0.5;  // seconds

// An input has at most 4 KiB, and each fuzzer tries it in several ways in sequence.
constexpr std::ptrdiff_t memory_limit = 16 << 20;  // bytes

std::atomic<std::ptrdiff_t> allocated{0};
std::atomic<std::ptrdiff_t> peak{0};

void note_allocation(const volatile void* block, std::size_t /*size*/) {
  const auto size =
      static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
  const std::ptrdiff_t now = allocated += size;
  if (now > peak) peak = now;
}

void note_release(const volatile void* block) {
  if (block == nullptr) return;
  allocated -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
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
  const std::ptrdiff_t before = allocated;
  peak = before;
  const double start = processor_time();
  const int worth_keeping = try_input(data, size);
  require(processor_time() - start < time_limit, "an input takes less than half a second");
  require(peak - before < memory_limit, "an input takes less than 16 MiB at a time");
  return worth_keeping;
}
