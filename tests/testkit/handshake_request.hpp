#pragma once

#include "testkit/request_builder.hpp"

#include <string>
#include <string_view>

namespace coroom::testkit {

/// The header fields of an opening handshake.
enum class HandshakeFields {
  required,  ///< the five of RFC 6455 section 4.1
  browser,   ///< the thirteen of Chromium on a page of the same host, with a cookie
};

/// Returns an upgrade request.
inline RequestBuilder handshake_request(std::string_view target, std::string_view host,
                                        HandshakeFields fields) {
  constexpr std::string_view key =
      "dGhlIHNhbXBsZSBub25jZQ==";  // of RFC 6455; no server checks that it is new
  RequestBuilder request("GET", target, host);
  request.field("Connection", "Upgrade");
  if (fields == HandshakeFields::required) {
    return request.field("Upgrade", "websocket")
        .field("Sec-WebSocket-Version", "13")
        .field("Sec-WebSocket-Key", key);
  }
  return request.field("Pragma", "no-cache")
      .field("Cache-Control", "no-cache")
      .field("User-Agent",
             "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "
             "Safari/537.36")
      .field("Upgrade", "websocket")
      .field("Origin", "http://" + std::string(host))
      .field("Sec-WebSocket-Version", "13")
      .field("Accept-Encoding", "gzip, deflate, br, zstd")
      .field("Accept-Language", "en-US,en;q=0.9")
      .field("Cookie", "session=0123456789abcdef")
      .field("Sec-WebSocket-Key", key)
      .field("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
}

}  // namespace coroom::testkit
