#pragma once

#include <coroom/disconnect.hpp>

#include <cstdint>
#include <string>

namespace coroom {

/// The error in a reply to a command of the Centrifuge protocol.
struct CentrifugeError {
  std::uint32_t code = 0;    ///< sent to the client; those of programs are 400 to 1999
  std::string message = {};  ///< UTF-8, for the developer of the client
  bool temporary = false;    ///< the client may try again
};

/// The errors of the Centrifuge protocol itself, which programs may return as well.
namespace centrifuge_errors {
inline const CentrifugeError internal{100, "internal server error", true};
inline const CentrifugeError unknown_channel{102, "unknown channel"};
inline const CentrifugeError permission_denied{103, "permission denied"};
inline const CentrifugeError method_not_found{104, "method not found"};
inline const CentrifugeError already_subscribed{105, "already subscribed"};
inline const CentrifugeError limit_exceeded{106, "limit exceeded"};
inline const CentrifugeError too_many_rooms{106, "limit exceeded", true};
inline const CentrifugeError bad_request{107, "bad request"};
inline const CentrifugeError not_available{108, "not available"};
inline const CentrifugeError token_expired{109, "token expired"};
inline const CentrifugeError too_many_requests{111, "too many requests", true};
inline const CentrifugeError unrecoverable_position{112, "unrecoverable position"};
}  // namespace centrifuge_errors

/// The disconnects of the Centrifuge protocol, for handlers that close connections of its clients. After a
/// code below 3500, a client reconnects by itself.
namespace centrifuge_disconnects {
inline const Disconnect internal{3004, "internal error"};
inline const Disconnect expired{3005, "expired"};
inline const Disconnect subscription_expired{3006, "subscription expired"};
inline const Disconnect insufficient_state{3010, "insufficient state"};
inline const Disconnect no_pong{3012, "no pong"};
inline const Disconnect too_many_requests{3013, "too many requests"};
inline const Disconnect invalid_token{3500, "invalid token"};
inline const Disconnect bad_request{3501, "bad request"};
inline const Disconnect stale{3502, "stale"};
inline const Disconnect connection_limit{3504, "connection limit"};
inline const Disconnect channel_limit{3505, "channel limit"};
inline const Disconnect permission_denied{3507, "permission denied"};
inline const Disconnect not_available{3508, "not available"};
}  // namespace centrifuge_disconnects

}  // namespace coroom
