#pragma once

#include <coroom/centrifuge_codes.hpp>

#include <cstdint>
#include <string_view>

namespace coroom::detail::centrifuge {

namespace error = centrifuge_errors;
namespace disconnect = centrifuge_disconnects;

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
