#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Publishers that each have some publications in flight, in a closed loop over the Centrifuge protocol: each
/// acknowledgement triggers the next publication. Each publisher is subscribed to its room and receives its
/// publications.
struct PublishSettings {
  LoadTarget target;
  std::size_t publishers = 64;
  std::size_t rooms = 64;      ///< shared by the publishers
  std::size_t in_flight = 16;  ///< publications of each publisher
  std::size_t bytes = 64;      ///< of a publication's text
  Times times;
  pid_t server = 0;
};

/// Returns the figures of measure(), where a message is an acknowledged publication. Fails if the server
/// rejects a publication, or does not acknowledge each once and in order.
Result<Figures> run_publish(const PublishSettings& settings);

}  // namespace coroom::bench
