#pragma once

#include <chrono>
#include <cstdint>

namespace coroom {

/// An answer that has left, for an access log.
struct Sent {
  unsigned status = 200;                  ///< of the answer
  std::uint64_t body_bytes = 0;           ///< handed to the kernel, without the header
  bool whole = true;                      ///< false: the connection ended before all of it had left
  std::chrono::microseconds duration{0};  ///< since the head of the request had come
};

}  // namespace coroom
