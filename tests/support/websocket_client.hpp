#pragma once

#include "support/tcp_client.hpp"
#include "testkit/frame_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::test {

/// A frame as it came from the server.
struct Frame {
  bool final = true;
  int opcode = 0;
  std::string payload;
  bool compressed = false;  ///< as RFC 7692 section 6 marks it; the payload is as it came

  /// Of a close frame: its code; 1005 if it carries none.
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

/// A WebSocket client that can also break every rule.
class RawWebSocketClient {
 public:
  explicit RawWebSocketClient(std::uint16_t port, std::string_view target = "/chat",
                              std::string_view fields = "",
                              const TcpClient::TcpOptions& settings = TcpClient::TcpOptions{});

  /// A whole masked message in one frame.
  void send_text(std::string_view text) { send_frame(opcode::text, text); }
  void send_frame(int opcode, std::string_view payload, bool final = true);
  void send_close(int code, std::string_view reason = "");

  /// These very bytes.
  void send_raw(std::string_view bytes) { tcp_.send(bytes); }

  /// The next frame. Pings are answered and left out.
  Frame read();

  /// The payload of the next text frame; another kind of frame throws.
  std::string read_text();

  /// event_of() the next text frame.
  std::string read_event();

  /// The frames up to the close frame are read and dropped; gives the close frame and sees the socket end.
  Frame read_close();

  /// Leaves in good order.
  void leave();

  TcpClient& tcp() { return tcp_; }

  /// The head of the answer to the upgrade.
  [[nodiscard]] const std::string& answer() const { return answer_; }

 private:
  TcpClient tcp_;
  std::string answer_;
  testkit::FrameReader reader_{testkit::FrameSender::server};
};

/// The upgrade request of a client.
std::string upgrade_request(std::uint16_t port, std::string_view target = "/chat",
                            std::string_view fields = "");

/// A masked frame as a client sends it; `first` is its first byte.
std::string masked_frame(unsigned first, std::string_view payload);

/// What stands behind `[IP]-[YYYY-MM-DD HH:MM:SS]-` in a line of the chat; throws if the line has no such
/// head.
std::string event_of(std::string_view line);

}  // namespace coroom::test
