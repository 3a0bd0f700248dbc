#pragma once

#include "load/crowd.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::bench {

/// All members of one room of a chat, each of whom hears each message as a line that ends with it. A message
/// is a number and padding.
class Audience {
 public:
  /// Called for every message, with the number of the member that got it.
  using OnMessage = std::function<void(std::size_t who, std::uint64_t number)>;

  static constexpr std::size_t shortest_message = 18;  // bytes

  /// Connects that many members, and ends when all of them hear what is said.
  static Result<Audience> gather(const Target& target, std::size_t members, std::size_t bytes);

  [[nodiscard]] std::size_t size() const { return probed_.size(); }

  /// The frame of a message.
  [[nodiscard]] std::string frame(std::uint64_t number) const { return frame('!', number); }

  /// One or more frames, at once.
  Result<> send(std::size_t who, std::string_view frames) { return crowd_.send(who, frames); }

  /// From now on this member does not read what it is sent.
  void ignore(std::size_t who) { crowd_.ignore(who); }

  /// Reads whatever is ready; waits for it at most so long.
  Result<> turn(std::chrono::milliseconds wait, const OnMessage& on_message);

 private:
  Audience(Crowd crowd, std::size_t members, std::size_t bytes);

  Result<> wait_until_all_listen();
  void take_probe(std::size_t who, std::uint64_t number);
  [[nodiscard]] std::string frame(char kind, std::uint64_t number) const;

  Crowd crowd_;
  std::size_t bytes_;
  std::vector<std::uint64_t> probed_;  // the last probe that each member has got
  std::uint64_t last_probe_ = 0;
  std::size_t listening_ = 0;
};

}  // namespace coroom::bench
