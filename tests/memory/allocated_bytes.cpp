#include "memory/allocated_bytes.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <malloc.h>

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

constinit std::atomic<std::size_t> allocated{0};

void* counted(void* block) {
  if (block != nullptr) allocated.fetch_add(malloc_usable_size(block), std::memory_order_relaxed);
  return block;
}

void uncount(void* block) {
  if (block != nullptr) allocated.fetch_sub(malloc_usable_size(block), std::memory_order_relaxed);
}

}  // namespace

std::size_t allocated_bytes() {
  return allocated.load(std::memory_order_relaxed);
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
  coroom::test::allocated.fetch_sub(before, std::memory_order_relaxed);
  return counted(moved);
}

void free(void* block) noexcept {
  uncount(block);
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
