#pragma once

#include "core/counters.hpp"
#include "core/shared_bytes.hpp"
#include "net/connection.hpp"
#include "net/pending_writes.hpp"
#include "net/shard.hpp"
#include "websocket/stream.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace coroom::websocket {

class Session;

/// What an endpoint does with a connection. The calls come one after the other, on the session's shard:
/// open() once, then on_message() for each message, the next one not before it has ended, and last
/// on_close(), exactly once, whatever ended the connection. An exception ends its own connection with 1011
/// and no other.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  /// The session outlives the handler's last call.
  virtual task<> open(Session& session) = 0;
  virtual task<> on_message(Message message) = 0;
  virtual void on_close(const Disconnect& how) = 0;
};

/// One WebSocket connection: reads messages and hands them to its handler; carries what is written to it.
/// Lives on one shard; every call comes there.
class Session final : public net::Connection {
 public:
  struct Context {
    net::Shard& shard;
    Counters& counters;
    std::uint64_t connection;  ///< names it in the log
    boost::asio::ip::address peer;
  };

  Session(std::unique_ptr<Stream> stream, Context context);

  /// From the handshake to the end of the socket. `this` and the handler outlive it.
  task<> run(Handshake handshake, Handler& handler);

  [[nodiscard]] net::Shard& shard() { return context_.shard; }

  /// Queues encoded frames; never waits. A session over its queue limit is closed with 3008, or loses its
  /// oldest data, as its settings say. Must not be followed by anything that depends on delivery.
  net::Push push(SharedBytes frames);

  /// Sends one message to this connection alone.
  net::Push write(Message::Kind kind, std::string_view data);

  /// Sends a close frame; no data follows it. The handler's on_close() comes later, when the connection has
  /// ended.
  void close(Disconnect disconnect);

  void stop() override;
  void abort() override;

 private:
  task<> converse(Handler& handler);
  task<End> read_messages(Handler& handler);
  task<End> read_to_end();
  void note_end(const End& end);

  std::unique_ptr<Stream> stream_;
  Context context_;
  bool accepted_ = false;
  bool closing_ = false;
  bool slow_ = false;
};

}  // namespace coroom::websocket
