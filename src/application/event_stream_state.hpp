#pragma once

#include "connection/protocol.hpp"
#include "limits/byte_budget.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::application {

/// The state of a response that does not end, without a socket. Messages of the client come by separate
/// requests. Bytes that it sends on this connection are discarded.
class EventStreamState final : public connection::Protocol {
 public:
  struct Limits {
    std::size_t max_message_size;  ///< bytes of one message of the client
    std::size_t queued_input;      ///< bytes of messages that wait for the handler
  };

  /// Returns the last message to the client when the server ends the stream; empty: no message.
  using Farewell = std::function<std::string(const Disconnect& why)>;

  EventStreamState(Framing::Kind framing, const Limits& limits, Farewell farewell)
      : Protocol({.kind = framing}), limits_(limits), farewell_(std::move(farewell)) {}

  std::optional<ProtocolEvent> next(std::span<char>& data, TimePoint now) override;
  connection::End on_read_error(std::string_view cause) override;
  void close(Disconnect disconnect, TimePoint now) override;
  [[nodiscard]] bool is_open() const override { return !closed_by_; }
  bool ping(std::string_view /*payload*/) override { return false; }
  TimeAction on_time(TimePoint /*now*/, bool /*reads*/) override { return TimeAction::none; }
  [[nodiscard]] std::optional<TimePoint> due() const override { return std::nullopt; }
  bool receive(Message message, limits::HeldForOne held) override;
  [[nodiscard]] std::size_t queued_input() const override { return queued_; }
  [[nodiscard]] bool lingers() const override { return false; }

 private:
  struct QueuedMessage {
    Message message;
    limits::HeldForOne held;  // its share of the budgets
  };

  Limits limits_;
  Farewell farewell_;
  std::list<QueuedMessage> inbox_;
  std::size_t queued_ = 0;  // bytes in the inbox
  std::optional<Disconnect> closed_by_;
};

}  // namespace coroom::detail::application
