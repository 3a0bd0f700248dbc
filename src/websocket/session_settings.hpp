#pragma once

#include "net/pending_writes.hpp"

#include <coroom/compression.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace coroom::detail::websocket {

struct SessionSettings {
  std::size_t max_message_size = 64 * 1024;             ///< bytes; a longer message closes with 1009
  std::chrono::milliseconds message_timeout{60'000};    ///< from the first byte of a message to its last
  std::chrono::milliseconds ping_interval{25'000};      ///< between pings; 0 never pings
  std::chrono::milliseconds ping_timeout{25'000};       ///< without data after a ping: the peer is lost
  std::chrono::milliseconds handshake_timeout{10'000};  ///< for the upgrade and for the closing handshake
  std::optional<CompressionOptions> compression;        ///< accepted if the client offers it
  net::QueueLimits queue;
};

}  // namespace coroom::detail::websocket
