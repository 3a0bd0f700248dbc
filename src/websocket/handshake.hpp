#pragma once

#include <coroom/compression.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::websocket {

/// What the upgrade request says of the WebSocket, and what is to be answered beside that.
struct Handshake {
  Handshake() = default;

  std::string key;                                          ///< Sec-WebSocket-Key
  std::string extensions;                                   ///< Sec-WebSocket-Extensions
  std::vector<std::pair<std::string, std::string>> answer;  ///< fields to add to the 101
};

/// How messages are compressed (RFC 7692 section 7.1).
struct Compression {
  Compression(const DeflateParams& sent, bool window) : to_client(sent), client_keeps_window(window) {}

  DeflateParams to_client;
  bool client_keeps_window;       ///< what it sends refers to what it has sent before
  bool window_was_named = false;  ///< ours, by the client: the answer names it too
};

/// The first of the client's offers that can be met; nullopt: nothing is compressed.
std::optional<Compression> agree(std::string_view extensions, const CompressionOptions& wanted);

/// The answer 101 (RFC 6455 section 4.2.2).
std::string switching_protocols(const Handshake& handshake, const std::optional<Compression>& compression);

}  // namespace coroom::detail::websocket
