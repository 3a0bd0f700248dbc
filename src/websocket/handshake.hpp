#pragma once

#include <coroom/compression.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::websocket {

/// The WebSocket fields of an upgrade request, and the fields to add to its response.
struct Handshake {
  Handshake() = default;

  std::string key;                                          ///< Sec-WebSocket-Key
  std::string extensions;                                   ///< Sec-WebSocket-Extensions
  std::vector<std::pair<std::string, std::string>> answer;  ///< fields to add to the 101 response
};

/// The compression that a handshake agreed on (RFC 7692 section 7.1).
struct Compression {
  Compression(const DeflateParams& sent, bool window) : to_client(sent), client_keeps_window(window) {}

  DeflateParams to_client;
  bool client_keeps_window;       ///< the client's messages refer to its earlier messages
  bool window_was_named = false;  ///< the client named the server's window, so the response names it too
};

/// Returns the parameters of the first offer that the server can accept; nullopt: no compression.
std::optional<Compression> agree(std::string_view extensions, const CompressionOptions& wanted);

/// Returns the 101 response (RFC 6455 section 4.2.2).
std::string switching_protocols(const Handshake& handshake, const std::optional<Compression>& compression);

}  // namespace coroom::detail::websocket
