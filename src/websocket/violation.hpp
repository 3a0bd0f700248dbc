#pragma once

#include <coroom/disconnect.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// A violation of the protocol by the peer, with the close code and reason to send.
struct Violation {
  Violation(std::uint16_t code, std::string_view why) : disconnect{code, std::string(why)} {}

  Disconnect disconnect;
};

}  // namespace coroom::detail::websocket
