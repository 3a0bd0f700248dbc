#pragma once

#include "core/counters.hpp"
#include "http/message.hpp"
#include "websocket/session.hpp"
#include "websocket/settings.hpp"

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <optional>

namespace coroom::application {

/// Why this request can't become a WebSocket (RFC 6455 section 4.2.1), as an answer: 400 for one that asks
/// for no upgrade or has no valid key, 426 for another version of the protocol. nullopt: it can.
std::optional<http::Response> refuse_upgrade(const http::Request& request);

/// The answer to a request that can: its connection becomes a WebSocket session with this handler. The
/// settings and the counters outlive the session. `client` is who the log says it is.
http::Reply upgrade(http::Request request, boost::asio::ip::address client,
                    std::shared_ptr<websocket::Handler> handler, const websocket::Settings& settings,
                    Counters& counters);

}  // namespace coroom::application
