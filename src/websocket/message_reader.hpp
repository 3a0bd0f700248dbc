#pragma once

#include "websocket/frame.hpp"
#include "websocket/inflater.hpp"
#include "websocket/violation.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <tl/expected.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace coroom::detail::websocket {

/// A ping or a pong of the peer.
struct Control {
  Control(Opcode frame, std::string data) : opcode(frame), payload(std::move(data)) {}

  Opcode opcode;
  std::string payload;
};

/// The peer's close frame; no_status where it has no code.
struct CloseFrame {
  explicit CloseFrame(Disconnect with) : disconnect(std::move(with)) {}

  Disconnect disconnect;
};

/// Takes apart what a client sends, without a socket: unmasks frames, puts messages together, inflates them,
/// and checks all that RFC 6455 section 5 and RFC 7692 section 6 demand. Between two messages it holds no
/// buffer, but for the window of a client that wants one.
class MessageReader {
 public:
  using Received = std::variant<Message, Control, CloseFrame, Violation>;

  /// What was agreed on messages that come compressed.
  enum class Inflation {
    none,          ///< there are none
    each,          ///< each by itself
    with_a_window  ///< they refer to what came before, and take 40 KiB of memory from the first one on
  };

  /// `longest`: bytes of a message, inflated; more is a violation.
  MessageReader(std::size_t longest, Inflation inflation) : longest_(longest), inflation_(inflation) {}

  /// Takes bytes from the front of `data`, and changes them, until something is whole; nullopt when it has
  /// taken them all. Nothing is read behind a close frame or a violation.
  std::optional<Received> next(std::span<char>& data);

  /// Whether a part of a message, or of a frame, has come.
  [[nodiscard]] bool is_partial() const { return in_message_ || header_size_ != 0; }

 private:
  std::optional<Violation> take_header(std::span<char>& data);
  [[nodiscard]] std::optional<Violation> check_first_bytes() const;
  std::optional<Violation> begin_frame();
  void take_payload(std::span<char>& data);
  std::optional<Received> end_frame();
  Received end_message();
  tl::expected<std::string, Violation> inflated(std::string_view data);
  [[nodiscard]] bool is_control() const { return (header_[0] & 0x08U) != 0; }
  [[nodiscard]] bool is_final() const { return (header_[0] & final_bit) != 0; }

  std::size_t longest_;
  Inflation inflation_;

  std::array<unsigned char, 14> header_{};  // of the frame at hand, as it came
  std::size_t header_size_ = 0;             // how much of it has come
  bool in_payload_ = false;
  std::uint64_t left_ = 0;        // bytes of the payload that have not come
  std::size_t key_position_ = 0;  // in the masking key

  bool in_message_ = false;
  bool compressed_ = false;
  Message::Kind kind_ = Message::Kind::text;
  std::string message_;
  std::string control_;
  std::unique_ptr<Inflater> inflater_;  // with a window
};

}  // namespace coroom::detail::websocket
