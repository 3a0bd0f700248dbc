#pragma once

#include <cstddef>

namespace coroom::test {

/// Bytes that this process has allocated and not freed, as the allocator counts them. Every malloc() of the
/// program goes through it, that of libraries too.
std::size_t allocated_bytes();

}  // namespace coroom::test
