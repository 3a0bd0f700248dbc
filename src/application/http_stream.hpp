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

/// The settings of an HTTP stream. The dispatcher takes them from the handler and from Settings.
struct HttpStreamSettings {
  Framing::Kind framing;
  net::QueueLimits queue;
  std::size_t max_message_size;                 ///< bytes of one client message
  std::chrono::milliseconds handshake_timeout;  ///< for sending the queued data at the end

  /// Returns the last message of a stream that the server ends; empty: no message.
  std::function<std::string(const Disconnect&)> farewell;
};

/// Returns the head of the response: status line, the fields of `answer`, and the fields that a stream needs.
std::string stream_head(http::Response answer, Framing::Kind framing);

/// Makes a stream whose outgoing half is the body of an HTTP response. The response begins with `head` and
/// ends with the connection (RFC 9112 section 6.3). receive() adds messages of the client. The stream has no
/// pings: it notices the loss of a client only when the socket reports it.
std::unique_ptr<websocket::Stream> make_http_stream(net::Shard& shard, net::Socket socket,
                                                    const HttpStreamSettings& settings, std::string head);

}  // namespace coroom::detail::application
