#pragma once

#include "net/pending_writes.hpp"

#include <coroom/compression.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace coroom::detail::websocket {

/// The settings of one WebSocket. The dispatcher takes them from the handler and from Settings.
struct SessionSettings {
  std::size_t max_message_size;                   ///< bytes; a longer message closes with 1009
  std::chrono::milliseconds message_timeout;      ///< from the first byte of a message to its last
  std::chrono::milliseconds ping_interval;        ///< between pings; 0 never pings
  std::chrono::milliseconds ping_timeout;         ///< without data after a ping: the peer is lost
  std::chrono::milliseconds handshake_timeout;    ///< for the upgrade and for the closing handshake
  std::optional<CompressionOptions> compression;  ///< accepted if the client offers it
  net::QueueLimits queue;
};

}  // namespace coroom::detail::websocket
