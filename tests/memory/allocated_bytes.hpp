#pragma once

#include <cstddef>

namespace coroom::test {

/// Returns the bytes that this process has allocated and not freed, by the usable size of the blocks. Every
/// malloc() of the program is counted, including those of libraries.
std::size_t allocated_bytes();

}  // namespace coroom::test
