#pragma once

#include "load/crowd.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::bench {

/// One who publishes in a room, over the Centrifuge protocol, and doesn't listen.
class Speaker {
 public:
  /// Connects, and sends what enters the room.
  static Result<Speaker> join(const Target& target, std::string room);

  /// Publishes texts of that many bytes, at once.
  Result<> say(std::size_t count, std::size_t bytes);

  /// Hears what was acknowledged; never waits.
  Result<> turn();

  [[nodiscard]] bool all_acknowledged() const { return answered_ == said_; }

 private:
  Speaker(Crowd crowd, std::string room) : crowd_(std::move(crowd)), room_(std::move(room)) {}

  Result<> take(std::string_view heard);

  Crowd crowd_;
  std::string room_;
  std::uint64_t said_ = 0;  // commands, which is the id of the last
  std::uint64_t answered_ = 0;
};

}  // namespace coroom::bench
