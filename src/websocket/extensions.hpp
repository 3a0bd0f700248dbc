#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::websocket {

/// An extension offered by a client, with its parameters. A parameter without a value has an empty value.
struct Extension {
  Extension() = default;

  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// Parses the field Sec-WebSocket-Extensions. Returns nullopt if it violates the grammar; the handshake must
/// then fail (RFC 6455 section 9.1).
std::optional<std::vector<Extension>> parse_extensions(std::string_view field);

}  // namespace coroom::detail::websocket
