#pragma once

#include "connection/end.hpp"
#include "websocket/client_target.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>
#include <coroom/websocket_client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>

namespace coroom::detail::websocket {

/// The client's side of one WebSocket connection over TCP or TLS, without their templates.
///
/// All calls must be made on one strand, connect() first. Then one coroutine may call read(), and another
/// write(), ping() and close(). Each must await a call before the next one. abort() may be called at any
/// time.
class ClientStream {
 public:
  ClientStream() = default;
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;
  virtual ~ClientStream() = default;

  /// Resolves, connects and upgrades. The caller must keep both arguments alive until the task ends.
  virtual task<Result<>> connect(const ClientTarget& target, const ConnectOptions& options) = 0;

  /// Returns the next whole message, or how the connection ended. Answers pings and close frames by itself.
  virtual task<tl::expected<Message, connection::End>> read() = 0;

  /// These return whether the frame was sent.
  virtual task<bool> write(Message message) = 0;
  virtual task<bool> ping(std::string payload) = 0;

  /// Sends a close frame and waits for the peer's; returns whether both succeeded.
  virtual task<bool> close(Disconnect disconnect) = 0;

  /// Closes the socket and so ends all pending operations.
  virtual void abort() = 0;

  [[nodiscard]] virtual const std::string& subprotocol() const = 0;

  /// Sets the function that read() calls on each pong.
  virtual void on_pong(std::function<void()> call) = 0;
};

std::unique_ptr<ClientStream> make_tcp_client_stream(const boost::asio::any_io_executor& executor);

/// Fails if the file of certificate authorities cannot be read.
Result<std::unique_ptr<ClientStream>> make_tls_client_stream(const boost::asio::any_io_executor& executor,
                                                             const TlsOptions& options);

}  // namespace coroom::detail::websocket
