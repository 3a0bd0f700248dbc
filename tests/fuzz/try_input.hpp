#pragma once

#include <cstddef>
#include <cstdint>

namespace coroom::fuzz {

/// Tries one input. Each fuzzer defines this function. Returns 0, or -1 for an input that is not worth
/// keeping.
int try_input(const std::uint8_t* data, std::size_t size);

}  // namespace coroom::fuzz
