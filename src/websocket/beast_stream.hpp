#pragma once

#include "net/shard.hpp"
#include "websocket/settings.hpp"
#include "websocket/stream.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace coroom::websocket {

/// A stream over TCP, by Beast.
std::unique_ptr<Stream> make_beast_stream(net::Shard& shard, boost::asio::ip::tcp::socket socket,
                                          const Settings& settings);

}  // namespace coroom::websocket
