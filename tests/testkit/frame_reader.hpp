#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

namespace coroom::testkit {

/// The peer that sends the frames. A client masks them, a server does not (RFC 6455 section 5.1).
enum class FrameSender { client, server };

/// A breach of RFC 6455 or RFC 7692 by the sender of a frame.
class FrameFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What stands before the payload of a frame.
struct FrameHead {
  bool final = true;
  bool compressed = false;  ///< as RFC 7692 section 6 marks the first frame of a message
  unsigned opcode = 0;
  std::size_t size = 0;  ///< of the head itself, in bytes
  std::uint64_t payload_size = 0;
  std::array<unsigned char, 4> mask{};  ///< zeros in a frame of a server

  [[nodiscard]] bool is_control() const { return opcode >= 8; }
};

/// A whole frame at the front of some bytes.
struct FrameView {
  FrameHead head;
  std::size_t size = 0;      ///< of the frame in bytes; 0: it is not whole yet
  std::string_view payload;  ///< as it came, compressed or masked
};

/// Reads the frames that one peer of a connection sends, and throws FrameFault at any breach of the rules. It
/// shares no code with src/websocket, and so can check that. Payloads are not copied.
class FrameReader {
 public:
  /// `deflate` is whether permessage-deflate was negotiated.
  explicit FrameReader(FrameSender sender, bool deflate = false) : sender_(sender), deflate_(deflate) {}

  /// Returns the size of a head that begins with these bytes, of which it needs two.
  static std::size_t head_size(std::string_view data) {
    const unsigned second = byte(data, 1);
    const unsigned length = second & 0x7fU;
    const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    return 2 + extended + ((second & 0x80U) != 0 ? 4 : 0);
  }

  /// Reads a whole head. Each head of the connection must pass here or through next(), once and in order.
  FrameHead read_head(std::string_view data) {
    FrameHead head;
    parse(data, head_size(data), head);
    advance(head);
    return head;
  }

  /// Reads the frame at the front of `data`. The caller removes its bytes before the next call.
  FrameView next(std::string_view data) {
    if (data.size() < 2) return {};
    if (is_whole_message(data)) {  // nearly all frames that a load generator reads
      const bool is_short = byte(data, 1) < 126;
      FrameView frame;
      frame.head.opcode = byte(data, 0) & 0x0fU;
      frame.head.size = is_short ? 2 : 4;
      frame.head.payload_size = is_short ? byte(data, 1) : byte(data, 2) << 8U | byte(data, 3);
      frame.size = frame.head.size + frame.head.payload_size;
      if (data.size() < frame.size) return {};
      frame.payload = std::string_view(data.data() + frame.head.size, frame.head.payload_size);
      return frame;
    }
    return next_of_any_kind(data);
  }

  /// Throws unless a close frame may have this payload, which is not masked (RFC 6455 sections 5.5.1
  /// and 7.4).
  static void check_close(std::string_view payload) {
    if (payload.empty()) return;
    if (payload.size() == 1) throw FrameFault("half a close code");
    const unsigned code = close_code(payload);
    const bool defined = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    if (!defined && (code < 3000 || code > 4999)) throw FrameFault("a close code that may not be sent");
  }

  /// Returns the code of a close frame, 1005 if it has none.
  static unsigned close_code(std::string_view payload) {
    return payload.size() < 2 ? 1005 : byte(payload, 0) << 8U | byte(payload, 1);
  }

  /// Masks a payload, or reverses that.
  static void unmask(std::span<char> payload, const std::array<unsigned char, 4>& mask) {
    for (std::size_t index = 0; index != payload.size(); ++index)
      payload[index] = static_cast<char>(static_cast<unsigned char>(payload[index]) ^ mask[index % 4]);
  }

 private:
  static unsigned byte(std::string_view data, std::size_t at) { return static_cast<unsigned char>(data[at]); }

  /// Returns whether a valid frame of a server follows that is a message of at most 65,535 bytes, not
  /// compressed.
  [[nodiscard]] bool is_whole_message(std::string_view data) const {
    const unsigned first = byte(data, 0);
    const unsigned length = byte(data, 1);
    if ((first != 0x81 && first != 0x82) || in_message_ || sender_ != FrameSender::server) return false;
    return length < 126 ||
           (length == 126 && data.size() >= 4 && (byte(data, 2) << 8U | byte(data, 3)) >= 126);
  }

  FrameView next_of_any_kind(std::string_view data) {
    FrameView frame;
    const std::size_t size = head_size(data);
    if (data.size() < size) return frame;
    parse(data, size, frame.head);
    if (data.size() - size < frame.head.payload_size) return frame;
    const auto payload_size = static_cast<std::size_t>(frame.head.payload_size);
    frame.size = size + payload_size;
    frame.payload = std::string_view(data.data() + size, payload_size);
    if (frame.head.opcode == 8 && sender_ == FrameSender::server) check_close(frame.payload);
    advance(frame.head);
    return frame;
  }

  template <std::size_t Size>
  static std::uint64_t big_endian(const char* bytes) {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index != Size; ++index)
      number = number << 8U | static_cast<unsigned char>(bytes[index]);
    return number;
  }

  void parse(std::string_view data, std::size_t size, FrameHead& head) const {
    const unsigned first = byte(data, 0);
    const unsigned second = byte(data, 1);
    const bool masked = (second & 0x80U) != 0;
    head.final = (first & 0x80U) != 0;
    head.compressed = (first & 0x40U) != 0;
    head.opcode = first & 0x0fU;
    head.size = size;
    head.payload_size = second & 0x7fU;
    if (head.payload_size >= 126) read_long_size(data, head);
    if (masked) std::copy_n(data.data() + size - 4, 4, head.mask.begin());
    check(head, first, masked);
  }

  static void read_long_size(std::string_view data, FrameHead& head) {
    if (head.payload_size == 126) {
      head.payload_size = big_endian<2>(data.data() + 2);
      if (head.payload_size < 126) throw FrameFault("a length that is not minimal");
    } else {
      head.payload_size = big_endian<8>(data.data() + 2);
      if (head.payload_size <= 0xffff) throw FrameFault("a length that is not minimal");
      if (head.payload_size >> 63U != 0) throw FrameFault("a length with its highest bit set");
    }
  }

  void check(const FrameHead& head, unsigned first, bool masked) const {
    if (masked != (sender_ == FrameSender::client))
      throw FrameFault(masked ? "a masked frame of a server" : "a frame of a client without a mask");
    if ((first & 0x30U) != 0) throw FrameFault("a reserved bit");
    if (head.compressed && !deflate_) throw FrameFault("compressed without an agreement");
    if (head.is_control()) {
      if (head.opcode > 10) throw FrameFault("a reserved opcode");
      if (!head.final) throw FrameFault("a control frame in fragments");
      if (head.compressed) throw FrameFault("a compressed control frame");
      if (head.payload_size > 125) throw FrameFault("a control frame that is too long");
    } else if (head.opcode == 0) {
      if (!in_message_) throw FrameFault("a continuation of no message");
      if (head.compressed) throw FrameFault("a continuation that is marked as compressed");
    } else {
      if (head.opcode > 2) throw FrameFault("a reserved opcode");
      if (in_message_) throw FrameFault("a message inside of another");
    }
  }

  void advance(const FrameHead& head) {
    if (!head.is_control()) in_message_ = !head.final;
  }

  FrameSender sender_;
  bool deflate_;
  bool in_message_ = false;
};

}  // namespace coroom::testkit
