#pragma once

#include "load/crowd.hpp"
#include "load/dialect.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::bench {

/// All members of one chat room, each of which receives every message. A message is a number and padding.
class Audience {
 public:
  static constexpr std::size_t shortest_message = 15;  // bytes

  /// Connects `members` members, which speak the dialects in turn, and returns once all of them receive
  /// messages.
  static Result<Audience> gather(const LoadTarget& target, const std::vector<Dialect>& dialects,
                                 std::size_t members, std::size_t bytes);

  [[nodiscard]] std::size_t size() const { return probed_.size(); }

  /// Returns the frame by which this member sends a message.
  [[nodiscard]] std::string frame(std::size_t sender, std::uint64_t number) const {
    return frame(sender, '!', number);
  }

  /// Sends one or more frames at once.
  Result<> send(std::size_t index, std::string_view frames) { return crowd_.send(index, frames); }

  /// Stops reading the messages of this member.
  void ignore(std::size_t index) { crowd_.ignore(index); }

  /// Reads available data, and waits for it at most `wait`. Calls `on_message(index, number)` for every
  /// message, with the number of its receiver.
  template <class OnMessage>
  Result<> turn(std::chrono::milliseconds wait, OnMessage&& on_message);

 private:
  static constexpr char first_letter = '0';  // the first of 32, none of which JSON escapes
  static constexpr unsigned letter_bits = 5;

  struct Marker {
    bool probe;
    std::uint64_t number;
  };

  Audience(Crowd crowd, std::vector<Dialect> dialects, std::size_t members, std::size_t bytes);

  /// Returns nullopt if the text is not a message, for example a join.
  [[nodiscard]] std::optional<Marker> marker_of(std::size_t index, std::string_view received) const;
  [[nodiscard]] const Dialect& dialect(std::size_t index) const {
    return dialects_[index % dialects_.size()];
  }

  Result<> wait_until_all_listen();
  void take_probe(std::size_t index, std::uint64_t number);
  void take_other(std::size_t index, std::string_view received);
  [[nodiscard]] std::string frame(std::size_t sender, char kind, std::uint64_t number) const;

  Crowd crowd_;
  std::vector<Dialect> dialects_;
  std::size_t bytes_;
  std::vector<std::uint64_t> probed_;  // the last probe that each member has received
  std::uint64_t last_probe_ = 0;
  std::size_t listening_ = 0;
  std::optional<Error> error_;
};

template <class OnMessage>
Result<> Audience::turn(std::chrono::milliseconds wait, OnMessage&& on_message) {
  auto turned = crowd_.turn(wait, [&](std::size_t index, std::string_view received) {
    const auto marker = marker_of(index, received);
    if (!marker) return take_other(index, received);
    if (marker->probe) {
      take_probe(index, marker->number);
    } else {
      on_message(index, marker->number);
    }
  });
  if (turned && error_) return tl::unexpected(*error_);
  return turned;
}

// A message is "@!" or, for a probe, "@?", then the number, five bits a letter, then padding.
inline std::optional<Audience::Marker> Audience::marker_of(std::size_t index,
                                                           std::string_view received) const {
  const auto found = dialect(index).message_in(received, bytes_);
  if (!found) return std::nullopt;
  const std::string_view message = *found;
  if (message[0] != '@' || (message[1] != '!' && message[1] != '?')) return std::nullopt;
  std::uint64_t number = 0;
  for (const char letter : message.substr(2, shortest_message - 2))
    number = number << letter_bits | static_cast<unsigned>(letter - first_letter);
  return Marker{message[1] == '?', number};
}

}  // namespace coroom::bench
