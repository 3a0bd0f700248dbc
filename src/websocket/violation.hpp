#pragma once

#include <coroom/disconnect.hpp>

#include <cstdint>
#include <string_view>

namespace coroom::detail::websocket {

/// What the peer did that it may not do, and how it is told.
struct Violation {
  Violation(std::uint16_t code, std::string_view why) : disconnect(code, why) {}

  Disconnect disconnect;
};

}  // namespace coroom::detail::websocket
