#pragma once

#include "attack/socket.hpp"
#include "testkit/frame_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::test {

/// What somebody said: who, and which of their messages it is, from 1.
struct NumberedMessage {
  std::size_t by = 0;
  std::uint64_t number = 0;
};

/// One who chats in a room, and counts what it hears there.
class HonestClient {
 public:
  enum class ChatProtocol { plain, centrifuge };

  HonestClient(std::uint16_t port, std::size_t self, std::string room, ChatProtocol way);

  /// The socket can be read, or written. False: the server has ended the connection.
  bool on_event(std::span<char> buffer);

  /// True when it is in the room, and hears all that is said from now on.
  [[nodiscard]] bool is_in() const { return in_; }

  bool say();

  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
  [[nodiscard]] std::uint64_t said() const { return said_; }

  /// How many messages of this member it has heard.
  [[nodiscard]] std::uint64_t heard_of(std::size_t member) const;

  /// How long each of its own messages took until it heard it itself.
  [[nodiscard]] const std::vector<MonotonicClock::duration>& times() const { return times_; }

  /// What is wrong with what it has heard, or how it was ended; empty: nothing.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  bool send(std::string_view bytes);
  bool flush();
  bool take(std::string_view bytes);
  bool on_frame(unsigned opcode, std::string_view payload);
  bool on_line(std::string_view line);
  void hear(const NumberedMessage& said);
  bool fail(std::string why);

  std::size_t self_;
  std::string room_;
  ChatProtocol way_;
  AttackSocket socket_;
  std::string unsent_;
  std::string received_;  // and not whole yet
  testkit::FrameReader reader_{testkit::FrameSender::server};
  bool upgraded_ = false;
  bool in_ = false;
  std::uint64_t said_ = 0;
  std::vector<MonotonicClock::time_point> sent_at_;
  std::vector<MonotonicClock::duration> times_;
  std::vector<std::uint64_t> heard_;  // by member
  std::string fault_;
};

}  // namespace coroom::test
