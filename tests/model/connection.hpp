#pragma once

#include "centrifuge/client.hpp"
#include "core/async_event.hpp"
#include "core/cancel_scope.hpp"
#include "model/server.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::model {

/// Who gets what a connection is sent.
class Reader {
 public:
  virtual void read(std::string_view line) = 0;
  virtual void closed() = 0;

 protected:
  ~Reader() = default;
};

/// A connection as the server sees it, with no socket: the real detail::centrifuge::Client behind it. What it
/// is sent goes to a reader, a line at a time, until it is cut.
class Connection final : public detail::centrifuge::Transport,
                         public std::enable_shared_from_this<Connection> {
 public:
  /// The server outlives it; the reader does so until it is cut.
  Connection(Server& server, std::size_t shard, Reader& reader);

  /// A frame of the client. It is read when those before it are done.
  void send(std::string frame);

  /// Nothing reaches the client any more, and the server does not know.
  void cut() { reader_ = nullptr; }

  /// The server notices that the client is gone; the command at hand is broken off.
  void end();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  class Member;

  task<> serve();
  void deliver(std::string_view lines);

  task<> write(std::string lines) override;
  task<bool> may_reply(std::size_t bytes) override;
  [[nodiscard]] std::size_t reply_room() const override { return std::size_t{1} << 20; }
  task<bool> write_reply(std::string line) override;
  void push(std::string_view lines) override { deliver(lines); }
  void close(const Disconnect& why) override;
  Room room(std::string name) override {
    return detail::application::RoomAccess::room({std::shared_ptr<void>(), &server_.hub}, std::move(name));
  }
  task<Result<Membership>> join(Room room, JoinOptions options) override;
  Counters& counters() override { return server_.counters; }
  Moderation& moderation() override { return server_.moderation; }
  RateVerdict charge_received(std::size_t /*bytes*/, std::size_t /*messages*/) override {
    return RateVerdict::ok;
  }
  [[nodiscard]] bool should_yield() const override { return false; }
  [[nodiscard]] bool wants_pings() const override { return false; }

  Server& server_;
  detail::net::Shard& shard_;
  Reader* reader_;
  std::string name_;
  std::shared_ptr<detail::centrifuge::Client> client_;
  std::deque<std::string> frames_;
  detail::AsyncEvent changed_;  // a frame more, or the end
  detail::CancelScope scope_;
  bool serving_ = false;  // from the first frame on
  bool ended_ = false;
};

}  // namespace coroom::model
