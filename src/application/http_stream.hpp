#pragma once

#include "http/response.hpp"
#include "net/pending_writes.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"
#include "websocket/stream.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace coroom::detail::application {

/// What an HTTP stream goes by.
struct HttpStreamSettings {
  Framing::Kind framing = Framing::Kind::events;
  net::QueueLimits queue;
  std::size_t max_message_size = 64 * 1024;   ///< bytes of one message of the client
  std::chrono::milliseconds goodbye{10'000};  ///< for what is queued to be sent when it ends

  /// The last message when the server ends it, and not the client; empty: there is none.
  std::function<std::string(const Disconnect&)> farewell;
};

/// The head of the answer, status line and fields: those of `answer`, and what a stream needs.
std::string stream_head(http::Response answer, Framing::Kind framing);

/// A stream whose outgoing half is the body of an HTTP answer, which begins with `head`
/// and ends with the connection (RFC 9112 section 6.3). Messages of the client are put in by receive(). It
/// knows no pings: a client that is gone is noticed when the socket says so.
std::unique_ptr<websocket::Stream> make_http_stream(net::Shard& shard, net::Socket socket,
                                                    const HttpStreamSettings& settings, std::string head);

}  // namespace coroom::detail::application
