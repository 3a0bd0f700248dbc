#include "memory/allocated.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <malloc.h>
#include <thread>

// The functions of glibc that this file replaces.
extern "C" {
void* __libc_malloc(std::size_t size);                           // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* block, std::size_t size);             // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT
void __libc_free(void* block);                                   // NOLINT
}

namespace coroom::test {
namespace {

constinit std::atomic<std::size_t> bytes{0};
constinit std::atomic<std::size_t> blocks{0};

void* counted(void* block) {
  if (block == nullptr) return nullptr;
  bytes.fetch_add(malloc_usable_size(block), std::memory_order_relaxed);
  blocks.fetch_add(1, std::memory_order_relaxed);
  return block;
}

void uncount(std::size_t size) {
  bytes.fetch_sub(size, std::memory_order_relaxed);
  blocks.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace

Allocated allocated() {
  return {bytes.load(std::memory_order_relaxed), blocks.load(std::memory_order_relaxed)};
}

Allocated settled() {
  constexpr int stable_polls = 20;
  Allocated last = allocated();
  for (int same = 0, polls = 0; same != stable_polls && polls != 500; ++polls) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const Allocated now = allocated();
    same = now == last ? same + 1 : 0;
    last = now;
  }
  return last;
}

}  // namespace coroom::test

using coroom::test::counted;
using coroom::test::uncount;

extern "C" {

void* malloc(std::size_t size) noexcept {
  return counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  return counted(__libc_calloc(count, size));
}

void* realloc(void* block, std::size_t size) noexcept {
  const std::size_t before = block != nullptr ? malloc_usable_size(block) : 0;
  void* moved = __libc_realloc(block, size);
  if (moved == nullptr && size != 0) return nullptr;  // the block is unchanged
  if (block != nullptr) uncount(before);
  return counted(moved);
}

void free(void* block) noexcept {
  if (block != nullptr) uncount(malloc_usable_size(block));
  __libc_free(block);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  void* made = counted(__libc_memalign(alignment, size));
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

}  // extern "C"
