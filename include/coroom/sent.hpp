#pragma once

#include <chrono>
#include <cstdint>

namespace coroom {

/// The outcome of sending one response, for an access log (RequestHandler::on_sent).
struct Sent {
  unsigned status = 200;  ///< status code of the response
  std::uint64_t body_bytes =
      0;              ///< bytes of the body passed to the kernel; 0 if a body in memory was interrupted
  bool whole = true;  ///< false if the connection ended before the response was sent completely
  std::chrono::microseconds duration{0};  ///< from the end of the request's header to the end of the response
};

}  // namespace coroom
