#pragma once

#include "support/tcp_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::test {

/// A response as it was received.
struct RawResponse {
  int status = 0;
  std::string head;  // status line and fields
  std::string body;

  /// Returns the value of a field, or nullopt if it is missing. The case of the name is ignored.
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
};

/// Reads one response, with a body by Content-Length. `bodyless` is for the response to a HEAD.
RawResponse read_response(TcpClient& client, bool bodyless = false);

/// Sends bytes on a new connection, and reads the response.
RawResponse ask(std::uint16_t port, std::string_view request);

/// Sends a GET of this target, and reads the response. `fields` are whole lines.
RawResponse get(std::uint16_t port, std::string_view target, std::string_view fields = "");

}  // namespace coroom::test
