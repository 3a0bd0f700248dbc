#include "application/upgrade.hpp"

#include "websocket/extensions.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::application {
namespace {

/// Returns whether a key is 16 bytes in base64: 22 letters and two equals signs.
bool is_valid_key(std::string_view key) {
  constexpr std::size_t letters = 22;
  return key.size() == letters + 2 && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, letters), [](char letter) {
           return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                  (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
         });
}

/// Returns whether a field occurs more than once, which some must not (RFC 6455 sections 11.3.1 and 11.3.5).
bool stands_twice(const Headers& headers, std::string_view name) {
  return std::ranges::count_if(headers, [&](const Headers::Field& field) {
           return boost::beast::iequals(field.first, name);
         }) > 1;
}

}  // namespace

std::optional<HttpError> refuse_upgrade(const Request& request) {
  const Headers& headers = request.headers;
  if (!headers.has_token("Connection", "Upgrade") || !headers.has_token("Upgrade", "websocket")) {
    return HttpError(400, "This URL serves WebSocket, and the request is not a WebSocket upgrade.");
  }
  for (const char* name : {"Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
    if (stands_twice(headers, name)) {
      return HttpError(400, std::string(name) + " occurs more than once.");
    }
  }
  if (headers.get("Sec-WebSocket-Version") != "13") {
    // RFC 9110 section 7.8.
    return HttpError(426, "This server supports only version 13 of WebSocket.",
                     {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
  }
  if (request.version < 11) return HttpError(400, "WebSocket requires HTTP/1.1.");
  if (!is_valid_key(headers.get("Sec-WebSocket-Key").value_or(""))) {
    return HttpError(400, "Sec-WebSocket-Key is missing or not 16 bytes in base64.");
  }
  if (headers.get("Sec-WebSocket-Extensions") &&
      !websocket::parse_extensions(headers.list("Sec-WebSocket-Extensions"))) {
    return HttpError(400, "Sec-WebSocket-Extensions is not a list of extensions.");
  }
  return std::nullopt;
}

}  // namespace coroom::detail::application
