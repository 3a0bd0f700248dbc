#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace coroom::detail::net {

/// How long ago the peer's last bytes came, as the kernel knows it: read or not, and half a message counts.
/// While some are unread, how long ago it acknowledged ours.
std::chrono::milliseconds silence_of(boost::asio::ip::tcp::socket& socket);

}  // namespace coroom::detail::net
