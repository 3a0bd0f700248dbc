#pragma once

#include "load/crowd.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::bench {

/// A client that publishes in a room over the Centrifuge protocol, and ignores its pushes.
class BurstPublisher {
 public:
  /// Connects, and sends the command that joins the room.
  static Result<BurstPublisher> join(const LoadTarget& target, std::string room);

  /// Publishes `count` texts of `bytes` bytes at once.
  Result<> publish(std::size_t count, std::size_t bytes);

  /// Reads acknowledgements; never waits.
  Result<> turn();

  [[nodiscard]] bool all_acknowledged() const { return answered_ == sent_; }

 private:
  BurstPublisher(Crowd crowd, std::string room) : crowd_(std::move(crowd)), room_(std::move(room)) {}

  Result<> take(std::string_view received);

  Crowd crowd_;
  std::string room_;
  std::uint64_t sent_ = 0;  // sent commands; also the id of the last
  std::uint64_t answered_ = 0;
};

}  // namespace coroom::bench
