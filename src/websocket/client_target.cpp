#include "websocket/client_target.hpp"

namespace coroom::detail::websocket {
namespace {

constexpr detail::UrlSchemes schemes{
    .plain = "ws",
    .secure = "wss",
    .wrong_scheme = "is not a ws:// or wss:// URL",
    .user_is_unsupported = "a user in a WebSocket URL is not supported; use the header Authorization",
    .has_fragment = "has a fragment, which RFC 6455 section 3 forbids",
};

}  // namespace

Result<ClientTarget> parse_client_target(std::string_view url) {
  return detail::parse_url_target(url, schemes);
}

}  // namespace coroom::detail::websocket
