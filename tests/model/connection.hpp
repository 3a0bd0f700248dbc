#pragma once

#include "application/room_access.hpp"
#include "centrifuge/client.hpp"
#include "core/async_event.hpp"
#include "core/cancel_scope.hpp"
#include "model/server.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::model {

/// The receiver of the lines that the server sends to a connection.
class LineSink {
 public:
  virtual void receive(std::string_view line) = 0;
  virtual void closed() = 0;

 protected:
  ~LineSink() = default;
};

/// A connection without a socket, in front of the real detail::centrifuge::Client. A LineSink receives each
/// message that the server sends as a line of JSON, until the connection is cut.
class SimulatedConnection final : public detail::centrifuge::Transport,
                                  public std::enable_shared_from_this<SimulatedConnection> {
 public:
  /// The server must outlive the connection. The LineSink must exist until the connection is cut.
  SimulatedConnection(SimulatedServer& server, std::size_t shard, detail::centrifuge::Encoding encoding,
                      LineSink& sink);

  /// Sends lines of the client in one frame, in the connection's encoding. The server reads it after the
  /// frames before it.
  void send(const std::string& lines);

  /// Cuts the connection: the client receives nothing more, and the server does not notice.
  void cut() { sink_ = nullptr; }

  /// Lets the server notice the end of the client, which cancels the current command.
  void end();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  class Member;

  task<> serve();
  void deliver(std::string_view messages);

  [[nodiscard]] detail::centrifuge::Encoding encoding() const override { return encoding_; }
  task<> write(std::string lines) override;
  task<bool> may_reply(std::size_t bytes) override;
  [[nodiscard]] std::size_t reply_room() const override { return std::size_t{1} << 20; }
  task<bool> write_reply(std::string line) override;
  void push(std::string_view lines) override { deliver(lines); }
  void spawn(task<> work) override;
  void close(const Disconnect& why) override;
  detail::net::TimerQueue& timers() override { return shard_.timers(); }
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

  SimulatedServer& server_;
  detail::net::Shard& shard_;
  detail::centrifuge::Encoding encoding_;
  LineSink* sink_;
  std::string name_;
  std::shared_ptr<detail::centrifuge::Client> client_;
  std::deque<std::string> frames_;
  detail::AsyncEvent changed_;  // a new frame, or the end
  detail::CancelScope scope_;
  bool serving_ = false;  // since the first frame
  bool ended_ = false;
};

}  // namespace coroom::model
