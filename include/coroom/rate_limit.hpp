#pragma once

#include <cstddef>

namespace coroom {

/// The rate at which one connection may send: an average per second, with a burst of ten seconds' worth. A
/// connection that has used up its budget is too fast until the average fits again. Its messages are rejected
/// meanwhile, and count all the same. A connection that continues is closed after another ten seconds' worth.
///
/// If the members of a room send much, ten times `bytes` should be less than their
/// ResourceLimits::queue_limit. Otherwise one client's burst can fill the queues of all other members. The
/// server coroom allows 64 KiB a second.
struct RateLimit {
  std::size_t messages = 200;  ///< messages per second, or commands in the Centrifuge protocol; 0: unlimited
  std::size_t bytes = 1024 * 1024;  ///< bytes per second; 0: unlimited

  bool operator==(const RateLimit&) const = default;
};

/// The result of charging a message to a rate limit.
enum class RateVerdict {
  ok,        ///< within the limit
  too_fast,  ///< over the limit: the message must be rejected
  flooding   ///< far over the limit: the connection must be closed
};

}  // namespace coroom
