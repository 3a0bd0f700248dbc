#pragma once

#include <cstddef>

namespace coroom {

/// How much one connection may send: so much a second on average, and the worth of ten seconds at once. A
/// connection that has used that up is too fast until its average fits again; what it sends meanwhile is not
/// heard, and counts. One that goes on, so that it has sent the worth of ten seconds too much, is closed.
///
/// Where members of a room say much, ten times `bytes` should be less than their Settings::queue_limit: who
/// says that at once could else fill the queues of all others. The server coroom allows 64 KiB a second.
struct RateLimit {
  std::size_t messages = 200;       ///< a second, of the Centrifuge protocol commands; 0: any number
  std::size_t bytes = 1024 * 1024;  ///< a second; 0: any number
};

/// How a connection keeps to its limit.
enum class RateVerdict {
  ok,        ///< it does
  too_fast,  ///< what it sent now is not to be heard
  flooding   ///< it has gone on for so long that it is to be closed
};

}  // namespace coroom
