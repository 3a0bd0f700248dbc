#pragma once

#include "centrifuge/codes.hpp"

#include <coroom/counters.hpp>
#include <coroom/disconnect.hpp>

#include <tl/expected.hpp>

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace coroom::detail::centrifuge {

/// The error in the reply to a refused command, and the server's count of it.
struct ErrorReply {
  CentrifugeError error;
  std::optional<Counter> counter = {};  // nullopt: it is not counted
  std::string_view limit = {};          // the exceeded limit, for the log; empty: it is not logged
};

/// The consequence of a refused command: a reply, or the end of the connection.
using CommandRefusal = std::variant<ErrorReply, Disconnect>;

/// The result of a command, or its refusal.
template <class T>
using Outcome = tl::expected<T, CommandRefusal>;

/// Makes an error to return: `return refused(error::bad_request)`.
inline tl::unexpected<ErrorReply> refused(CentrifugeError error) {
  return tl::unexpected<ErrorReply>(ErrorReply{.error = std::move(error)});
}

/// Returns the refusal of a command that would open a room too many.
inline ErrorReply too_many_rooms() {
  return {error::too_many_rooms, Counter::rooms_refused, "rooms"};
}

}  // namespace coroom::detail::centrifuge
