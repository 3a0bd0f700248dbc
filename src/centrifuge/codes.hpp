#pragma once

#include <coroom/disconnect.hpp>

#include <cstdint>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The error in a reply to a command.
struct ErrorReply {
  std::uint32_t code;
  std::string_view message;
  bool temporary = false;  ///< the client may try again
};

/// The protocol's own errors. Programs use the codes 400 to 1999.
namespace error {
inline constexpr ErrorReply internal{100, "internal server error", true};
inline constexpr ErrorReply permission_denied{103, "permission denied"};
inline constexpr ErrorReply method_not_found{104, "method not found"};
inline constexpr ErrorReply already_subscribed{105, "already subscribed"};
inline constexpr ErrorReply limit_exceeded{106, "limit exceeded"};
inline constexpr ErrorReply too_many_rooms{106, "limit exceeded", true};
inline constexpr ErrorReply bad_request{107, "bad request"};
inline constexpr ErrorReply not_available{108, "not available"};
inline constexpr ErrorReply token_expired{109, "token expired"};
inline constexpr ErrorReply too_many_requests{111, "too many requests", true};
inline constexpr ErrorReply unrecoverable_position{112, "unrecoverable position"};
}  // namespace error

/// The protocol's reasons to disconnect. Below 3500 a client reconnects by itself.
namespace disconnect {
inline const Disconnect internal(3004, "internal error");
inline const Disconnect expired(3005, "expired");
inline const Disconnect no_pong(3012, "no pong");
inline const Disconnect too_many_requests(3013, "too many requests");
inline const Disconnect invalid_token(3500, "invalid token");
inline const Disconnect bad_request(3501, "bad request");
inline const Disconnect stale(3502, "stale");
inline const Disconnect permission_denied(3507, "permission denied");
inline const Disconnect not_available(3508, "not available");
}  // namespace disconnect

/// A reason why the server ends a subscription. From 2500 on the client subscribes again by itself.
struct Unsubscribe {
  std::uint32_t code;
  std::string_view reason;
};

namespace unsubscribe {
inline constexpr Unsubscribe by_server{2000, "unsubscribed by the server"};
inline constexpr Unsubscribe expired{2501, "expired"};
}  // namespace unsubscribe

}  // namespace coroom::detail::centrifuge
