#pragma once

#include "support/tcp_client.hpp"
#include "testkit/frame_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::test {

/// A received frame.
struct Frame {
  bool final = true;
  int opcode = 0;
  std::string payload;
  bool compressed = false;  ///< by RFC 7692 section 6; the payload is not inflated

  /// Returns the code of a close frame, 1005 if it has none.
  [[nodiscard]] int close_code() const;
  [[nodiscard]] std::string close_reason() const;
};

namespace opcode {
inline constexpr int continuation = 0;
inline constexpr int text = 1;
inline constexpr int binary = 2;
inline constexpr int close = 8;
inline constexpr int ping = 9;
inline constexpr int pong = 10;
}  // namespace opcode

/// A blocking WebSocket client that can break all rules of the protocol, but accepts no breach by the server.
class RawWebSocketClient {
 public:
  explicit RawWebSocketClient(std::uint16_t port, std::string_view target = "/chat",
                              std::string_view fields = "",
                              const TcpClient::TcpOptions& settings = TcpClient::TcpOptions{});

  /// Sends a message in one masked frame.
  void send_text(std::string_view text) { send_frame(opcode::text, text); }
  void send_frame(int opcode, std::string_view payload, bool final = true);
  void send_close(int code, std::string_view reason = "");

  /// Sends bytes without a frame.
  void send_raw(std::string_view bytes) { tcp_.send(bytes); }

  /// Returns the next frame that is no ping, and answers pings.
  Frame read();

  /// Returns the payload of the next text frame. Throws on another frame.
  std::string read_text();

  /// Returns event_of() the next text frame.
  std::string read_event();

  /// Drops frames up to the close frame, checks that the connection ends, and returns the close frame.
  Frame read_close();

  /// Performs the closing handshake.
  void leave();

  TcpClient& tcp() { return tcp_; }

  /// Returns the head of the response to the upgrade.
  [[nodiscard]] const std::string& answer() const { return answer_; }

 private:
  TcpClient tcp_;
  std::string answer_;
  testkit::FrameReader reader_{testkit::FrameSender::server};
};

/// Returns the upgrade request of a client.
std::string upgrade_request(std::uint16_t port, std::string_view target = "/chat",
                            std::string_view fields = "");

/// Returns a masked frame of a client. `first` is its first byte.
std::string masked_frame(unsigned first, std::string_view payload);

/// Returns the part of a chat line behind `[IP]-[YYYY-MM-DD HH:MM:SS]-`. Throws if the line has no such head.
std::string event_of(std::string_view line);

}  // namespace coroom::test
