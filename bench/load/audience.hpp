#pragma once

#include "load/crowd.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::bench {

/// All members of one room of a chat, each of whom hears each message as a line that ends with it. A message
/// is a number and padding.
class Audience {
 public:
  static constexpr std::size_t shortest_message = 13;  // bytes

  /// Connects that many members, and ends when all of them hear what is said.
  static Result<Audience> gather(const Target& target, std::size_t members, std::size_t bytes);

  [[nodiscard]] std::size_t size() const { return probed_.size(); }

  /// The frame of a message.
  [[nodiscard]] std::string frame(std::uint64_t number) const { return frame('!', number); }

  /// One or more frames, at once.
  Result<> send(std::size_t who, std::string_view frames) { return crowd_.send(who, frames); }

  /// From now on this member does not read what it is sent.
  void ignore(std::size_t who) { crowd_.ignore(who); }

  /// Reads whatever is ready; waits for it at most so long. Calls `on_message(who, number)` for every
  /// message, with the number of the member that got it.
  template <class OnMessage>
  Result<> turn(std::chrono::milliseconds wait, OnMessage&& on_message);

 private:
  static constexpr char first_letter = '0';  // of 64, up to 'o'

  struct Marker {
    bool probe;
    std::uint64_t number;
  };

  Audience(Crowd crowd, std::size_t members, std::size_t bytes);

  /// nullopt for a line that somebody entered or left.
  [[nodiscard]] std::optional<Marker> marker_of(std::string_view line) const;

  Result<> wait_until_all_listen();
  void take_probe(std::size_t who, std::uint64_t number);
  [[nodiscard]] std::string frame(char kind, std::uint64_t number) const;

  Crowd crowd_;
  std::size_t bytes_;
  std::vector<std::uint64_t> probed_;  // the last probe that each member has got
  std::uint64_t last_probe_ = 0;
  std::size_t listening_ = 0;
};

template <class OnMessage>
Result<> Audience::turn(std::chrono::milliseconds wait, OnMessage&& on_message) {
  return crowd_.turn(wait, [&](std::size_t who, std::string_view line) {
    const auto marker = marker_of(line);
    if (!marker) return;
    if (marker->probe) {
      take_probe(who, marker->number);
    } else {
      on_message(who, marker->number);
    }
  });
}

// A message is "@!" or, for a probe, "@?", then the number, six bits a letter, then padding.
inline std::optional<Audience::Marker> Audience::marker_of(std::string_view line) const {
  if (line.size() < bytes_) return std::nullopt;
  line.remove_prefix(line.size() - bytes_);
  if (line[0] != '@' || (line[1] != '!' && line[1] != '?')) return std::nullopt;
  std::uint64_t number = 0;
  for (const char letter : line.substr(2, shortest_message - 2))
    number = number << 6U | static_cast<unsigned>(letter - first_letter);
  return Marker{line[1] == '?', number};
}

}  // namespace coroom::bench
