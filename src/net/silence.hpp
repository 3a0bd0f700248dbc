#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace coroom::net {

/// How long ago the peer's last bytes came, as the kernel knows it: bytes that nobody has read yet count as
/// now, and half a message counts too.
std::chrono::milliseconds silence_of(boost::asio::ip::tcp::socket& socket);

}  // namespace coroom::net
