#pragma once

#include <cstdint>

namespace coroom::detail::http {

/// Contiguous bytes of a file.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

}  // namespace coroom::detail::http
