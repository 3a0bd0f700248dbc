#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace coroom::detail::net {

/// Returns the time since the kernel received the last bytes of the peer. Unread bytes and partial messages
/// count. While bytes are unread, returns the time since the peer last acknowledged bytes of the server.
/// Returns the maximum on error.
std::chrono::milliseconds silence_of(boost::asio::ip::tcp::socket& socket);

}  // namespace coroom::detail::net
