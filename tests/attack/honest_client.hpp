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

/// A message by its sender and its number, from 1.
struct NumberedMessage {
  std::size_t by = 0;
  std::uint64_t number = 0;
};

/// A client that chats in a room and checks the messages that it receives.
class HonestClient {
 public:
  enum class ChatProtocol { plain, centrifuge };

  HonestClient(std::uint16_t port, std::size_t self, std::string room, ChatProtocol way);

  /// Handles a readable or writable socket. Returns false if the connection has ended.
  bool on_event(std::span<char> buffer);

  /// Returns whether the client is a member of the room.
  [[nodiscard]] bool is_member() const { return member_; }

  bool send_message();

  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

  /// Returns the number of messages that it received from this member.
  [[nodiscard]] std::uint64_t received_from(std::size_t member) const;

  /// Returns the time from sending to receiving for each of its own messages.
  [[nodiscard]] const std::vector<MonotonicClock::duration>& latencies() const { return latencies_; }

  /// Returns the first fault of the received messages or of the connection. Empty if there is none.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  bool send(std::string_view bytes);
  bool flush();
  bool take(std::string_view bytes);
  bool on_frame(unsigned opcode, std::string_view payload);
  bool on_line(std::string_view line);
  void receive(const NumberedMessage& said);
  bool fail(std::string why);

  std::size_t self_;
  std::string room_;
  ChatProtocol way_;
  AttackSocket socket_;
  std::string unsent_;
  std::string received_;  // an incomplete frame or response
  testkit::FrameReader reader_{testkit::FrameSender::server};
  bool upgraded_ = false;
  bool member_ = false;
  std::uint64_t sent_ = 0;
  std::vector<MonotonicClock::time_point> sent_at_;
  std::vector<MonotonicClock::duration> latencies_;
  std::vector<std::uint64_t> received_numbers_;  // by member
  std::string fault_;
};

}  // namespace coroom::test
