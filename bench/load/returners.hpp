#pragma once

#include "load/centrifuge.hpp"
#include "load/crowd.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::bench {

/// Subscribers of one room with a history, over the Centrifuge protocol. They lose their connections all at
/// once, and return all at once to recover the publications that they missed.
class Returners {
 public:
  static Result<Returners> make(const LoadTarget& target, std::string room, std::size_t count);

  /// Connects and subscribes more of them, and reads their data; never waits.
  Result<> turn();

  /// Returns whether all are subscribed.
  [[nodiscard]] bool all_here() const { return here_ == subscribers_.size(); }

  /// Stores the position of each subscriber, and resets its connection.
  Result<> drop();

  /// Fails unless each subscriber recovered exactly `missed` publications, each once and in order.
  [[nodiscard]] Result<> check(std::size_t missed) const;

 private:
  struct ReturningSubscriber {
    std::optional<centrifuge::StreamPosition> left_at;  // nullopt: it has not subscribed yet
    std::string reply;                                  // to its subscription; parsed later
  };

  Returners(Crowd crowd, LoadTarget target, std::string room, std::size_t count);

  Result<> take(std::size_t index, std::string_view received);

  Crowd crowd_;
  LoadTarget target_;
  std::string room_;
  std::vector<ReturningSubscriber> subscribers_;
  std::size_t greeted_ = 0;  // subscribers that have sent their first commands
  std::size_t here_ = 0;
};

}  // namespace coroom::bench
