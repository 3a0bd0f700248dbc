#pragma once

#include <chrono>
#include <cstddef>

namespace coroom::detail::connection {

// After its last output, the server reads what the client still sends, up to these limits. A close with
// unread bytes would reset the connection, and the client could lose that output (RFC 9112 section 9.6).
inline constexpr std::chrono::seconds linger_time{2};
inline constexpr std::size_t linger_bytes = 4 * 1024 * 1024;

}  // namespace coroom::detail::connection
