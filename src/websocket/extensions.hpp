#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::websocket {

/// An extension that a client offers, with its parameters; one without a value has an empty one.
struct Extension {
  Extension() = default;

  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// Takes the field Sec-WebSocket-Extensions apart; nullopt for what its grammar does not know, with which a
/// handshake fails (RFC 6455 section 9.1).
std::optional<std::vector<Extension>> parse_extensions(std::string_view field);

}  // namespace coroom::detail::websocket
