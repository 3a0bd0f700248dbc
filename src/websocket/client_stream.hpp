#pragma once

#include "websocket/client_target.hpp"
#include "websocket/stream.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>
#include <coroom/websocket_client.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace coroom::detail::websocket {

/// The client's side of one WebSocket connection, over TCP or TLS, without their templates.
/// All calls come on one strand. connect() comes first; then read() by one coroutine, write(), ping() and
/// close() by another, each awaited before the next; abort() may come at any time.
class ClientStream {
 public:
  ClientStream() = default;
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;
  virtual ~ClientStream() = default;

  /// From the name to the accepted upgrade. The caller keeps both arguments until it has ended.
  virtual task<Result<>> connect(const ClientTarget& target, const ConnectOptions& options) = 0;

  /// The next whole message, or how the connection ended. Answers pings and closes by itself.
  virtual task<tl::expected<Message, End>> read() = 0;

  /// These give whether it was sent.
  virtual task<bool> write(Message message) = 0;
  virtual task<bool> ping(std::string payload) = 0;

  /// Sends a close frame and waits for the peer's.
  virtual task<bool> close(Disconnect disconnect) = 0;

  /// Closes the socket; whatever waits here ends.
  virtual void abort() = 0;

  [[nodiscard]] virtual const std::string& subprotocol() const = 0;

  /// What is called at each pong, from within read().
  virtual void on_pong(std::function<void()> call) = 0;
};

std::unique_ptr<ClientStream> make_tcp_client_stream(const boost::asio::any_io_executor& executor);

/// An error if the file of authorities can't be read.
Result<std::unique_ptr<ClientStream>> make_tls_client_stream(const boost::asio::any_io_executor& executor,
                                                             const TlsOptions& options);

}  // namespace coroom::detail::websocket
