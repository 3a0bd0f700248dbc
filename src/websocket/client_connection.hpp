#pragma once

#include "connection/keep_alive.hpp"
#include "core/async_event.hpp"
#include "core/deadline.hpp"
#include "websocket/client_stream.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>
#include <coroom/websocket_client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace coroom::detail::websocket {

/// The state behind a WebSocketClient: a reader, a writer that sends one item at a time, and the keepalive
/// pings. These coroutines keep it alive until abandon() ends them. All calls must be made on one strand.
class ClientConnection final : public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(const boost::asio::any_io_executor& executor, std::unique_ptr<ClientStream> stream,
                   ConnectOptions options);

  /// Starts the coroutines. Must be called once, after the stream has connected.
  void start();

  task<std::optional<Message>> read();

  /// Completes once the message is sent, or cannot be sent; returns whether it was sent.
  task<bool> write(Message message);

  /// These only queue a frame. ping() returns false if the connection is closing or has ended; a second
  /// close() does nothing.
  bool ping(std::string payload);
  void close(Disconnect disconnect);

  /// Ends the connection for a handle that is destroyed. No callback is called afterwards.
  void abandon();

  /// Returns how the connection ended; nullopt while it is open.
  [[nodiscard]] const std::optional<Disconnect>& ended() const { return ended_; }
  [[nodiscard]] const std::string& subprotocol() const { return stream_->subprotocol(); }

 private:
  using OnMessage = std::function<void(std::optional<Message>)>;

  /// A queued frame and its result.
  struct Outgoing {
    enum class Kind { message, ping, close };

    explicit Outgoing(Kind what) : kind(what) {}

    Kind kind;
    Message message;        // or the payload of a ping
    Disconnect disconnect;  // of a close frame
    std::optional<bool> sent;
    AsyncEvent settled;
  };

  void spawn(task<> work);
  task<> read_messages();
  task<> write_outbox();
  task<> keep_alive();
  task<bool> send(Outgoing& outgoing);
  std::shared_ptr<Outgoing> enqueue(Outgoing::Kind kind, Message message);
  void deliver(Message message);
  void end(Disconnect how);
  static void settle(Outgoing& outgoing, bool sent);

  boost::asio::any_io_executor executor_;
  std::unique_ptr<ClientStream> stream_;
  ConnectOptions options_;
  std::optional<Message> inbox_;  // one message ahead, so that pings and the end are seen without a reader
  std::deque<std::shared_ptr<Outgoing>> outbox_;  // each has a waiting coroutine or is a control frame
  AsyncEvent changed_;                            // notified on changes of the inbox, the outbox or the state
  const connection::KeepAlive::Intervals pings_;
  connection::KeepAlive keep_alive_{pings_};
  boost::asio::steady_timer ping_timer_;
  std::optional<Deadline> closing_deadline_;  // nullopt once the connection has ended
  std::shared_ptr<const OnMessage> on_message_;
  std::optional<Disconnect> ended_;
  bool closing_ = false;
  bool abandoned_ = false;
  bool held_up_ = false;  // the inbox was full since the last ping, so its pong may be unread
  std::string lost_why_;  // set if this side gives up the connection
};

}  // namespace coroom::detail::websocket
