#pragma once

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

/// What stands behind a WebSocketClient: a reader, a writer that sends one thing after the other, and the
/// pings. They keep it alive; abandon() makes them end. All calls come on one strand.
class ClientConnection final : public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(const boost::asio::any_io_executor& executor, std::unique_ptr<ClientStream> stream,
                   ConnectOptions options);

  /// Once, after the stream has connected.
  void start();

  task<std::optional<Message>> read();

  /// Ends when the message was sent, or can't be; gives whether it was.
  task<bool> write(Message message);

  /// These only queue; false: it is closing or has ended. A second close is harmless.
  bool ping(std::string payload);
  void close(Disconnect disconnect);

  /// The handle is gone: nobody is called any more, and everything ends.
  void abandon();

  /// How it ended; nullopt while it lasts.
  [[nodiscard]] const std::optional<Disconnect>& ended() const { return ended_; }
  [[nodiscard]] const std::string& subprotocol() const { return stream_->subprotocol(); }

 private:
  using OnMessage = std::function<void(std::optional<Message>)>;

  /// Something to send, and whether it was.
  struct Outgoing {
    enum class Kind { message, ping, close };

    explicit Outgoing(Kind what) : kind(what) {}

    Kind kind;
    Message message;        // or a ping's payload
    Disconnect disconnect;  // of a close
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
  std::optional<Message> inbox_;  // one message ahead, so that an idle reader still sees pings and the end
  std::deque<std::shared_ptr<Outgoing>> outbox_;  // each has a coroutine that waits, or is a control frame
  AsyncEvent changed_;                            // the inbox, the outbox or the state
  boost::asio::steady_timer ping_timer_;
  std::optional<Deadline> closing_deadline_;  // none any more when it has ended
  std::shared_ptr<const OnMessage> on_message_;
  std::optional<Disconnect> ended_;
  bool closing_ = false;
  bool abandoned_ = false;
  bool awaits_pong_ = false;
  bool held_up_ = false;  // the inbox was full since the last ping, so the pong may be unread
  std::string lost_why_;  // set when it is this side that gives up
};

}  // namespace coroom::detail::websocket
