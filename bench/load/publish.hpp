#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Publishers that each have a few publications on their way, in a closed loop, over the Centrifuge protocol:
/// for each that the server has acknowledged, the next is sent. Each is subscribed to its room, and hears it.
struct PublishSettings {
  Target target;
  std::size_t publishers = 64;
  std::size_t rooms = 64;      ///< that they are spread over
  std::size_t in_flight = 16;  ///< publications, for each publisher
  std::size_t bytes = 64;      ///< a publication's text
  Times times;
  pid_t server = 0;
};

/// What measure() gives, where a message is an acknowledged publication. Fails if the server refuses one, or
/// does not acknowledge each once and in order.
Result<Figures> run_publish(const PublishSettings& settings);

}  // namespace coroom::bench
