#pragma once

#include "connection/keep_alive.hpp"
#include "connection/protocol.hpp"
#include "websocket/handshake.hpp"
#include "websocket/message_reader.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// The limits of one WebSocket.
struct ConnectionLimits {
  std::size_t max_message_size;               ///< bytes; a longer message closes with 1009
  std::chrono::milliseconds message_timeout;  ///< from the first byte of a message to its last
  std::chrono::milliseconds close_timeout;    ///< from our close frame to that of the client
  connection::KeepAlive::Intervals pings;

  bool operator==(const ConnectionLimits&) const = default;
};

/// The server's side of one WebSocket connection after its handshake, without a socket (RFC 6455 sections 5
/// to 7): messages, pings, timeouts and the closing handshake.
class ConnectionState final : public connection::Protocol {
 public:
  /// `compression`: as the handshake agreed on.
  ConnectionState(std::shared_ptr<const ConnectionLimits> limits,
                  const std::optional<Compression>& compression, TimePoint now);

  std::optional<ProtocolEvent> next(std::span<char>& data, TimePoint now) override;
  connection::End on_read_error(std::string_view cause) override;
  void close(Disconnect disconnect, TimePoint now) override;
  [[nodiscard]] bool is_open() const override { return phase_ == Phase::open; }
  bool ping(std::string_view payload) override;
  TimeAction on_time(TimePoint now, bool reads) override;
  [[nodiscard]] std::optional<TimePoint> due() const override;
  bool is_lost_after(std::chrono::milliseconds silence, TimePoint now) override;
  [[nodiscard]] bool lingers() const override {
    return phase_ != Phase::close_received && phase_ != Phase::abandoned;
  }

 private:
  enum class Phase : std::uint8_t {
    open,
    silent,          ///< no answer to a ping
    close_sent,      ///< our close frame is sent, and the client's is awaited
    close_received,  ///< both close frames are sent; the server closes first (RFC 6455 section 7.1.1)
    violated,        ///< the client broke the protocol; our close frame is sent
    abandoned        ///< the client went on sending after our close frame
  };

  /// Our close frame, and what came after it.
  struct ClosingHandshake {
    Disconnect sent;
    connection::End::Kind kind;
    TimePoint due;                // for the client's close frame
    std::size_t bytes_after = 0;  // received since
  };

  std::optional<ProtocolEvent> take(std::span<char>& data);
  ProtocolEvent on_event(MessageReader::Received& event);
  void watch_partial(TimePoint now);
  void send_close(const Disconnect& disconnect);
  void close(Disconnect disconnect, TimePoint now, connection::End::Kind kind);
  [[nodiscard]] connection::End closed_by_us() const;

  const std::shared_ptr<const ConnectionLimits> limits_;
  MessageReader reader_;
  connection::KeepAlive keep_alive_;
  std::optional<TimePoint> partial_since_;     // set while a message is incomplete
  std::unique_ptr<ClosingHandshake> closing_;  // set by close()
  Phase phase_ = Phase::open;
};

}  // namespace coroom::detail::websocket
