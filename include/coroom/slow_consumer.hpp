#pragma once

namespace coroom {

/// The treatment of a session whose client reads too slowly: more than ResourceLimits::queue_limit waits for
/// it.
enum class SlowConsumer {
  close,       ///< close code 3008; the client may reconnect
  drop_oldest  ///< its oldest messages are dropped, and it stays open
};

}  // namespace coroom
