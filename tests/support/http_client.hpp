#pragma once

#include "support/tcp_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::test {

/// An answer as it came over the wire.
struct RawResponse {
  int status = 0;
  std::string head;  // status line and fields
  std::string body;

  /// The value of a field, compared without case; nullopt if it is not there.
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
};

/// Reads one answer, its body by Content-Length. `bodyless` is for the answer to a HEAD.
RawResponse read_answer(TcpClient& client, bool bodyless = false);

/// Sends these very bytes on a new connection and reads the answer.
RawResponse ask(std::uint16_t port, std::string_view request);

/// GET of this target, with more fields if wanted, each ended by \r\n.
RawResponse get(std::uint16_t port, std::string_view target, std::string_view fields = "");

}  // namespace coroom::test
