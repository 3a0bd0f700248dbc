#pragma once

#include "net/shard.hpp"
#include "net/socket.hpp"
#include "websocket/handshake.hpp"
#include "websocket/session_settings.hpp"
#include "websocket/stream.hpp"

#include <memory>

namespace coroom::detail::websocket {

/// Makes a stream over TCP and answers the upgrade with 101.
std::unique_ptr<Stream> make_tcp_stream(net::Shard& shard, net::Socket socket,
                                        const SessionSettings& settings, const Handshake& handshake);

}  // namespace coroom::detail::websocket
