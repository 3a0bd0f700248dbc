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

/// Subscribers of one room with a history, over the Centrifuge protocol, who lose their connections all at
/// once, and come back all at once for what they have missed.
class Returners {
 public:
  static Result<Returners> make(const Target& target, std::string room, std::size_t count);

  /// Connects and subscribes more of them, and hears what they are told; never waits.
  Result<> turn();

  /// Whether all are subscribed.
  [[nodiscard]] bool all_here() const { return here_ == subscribers_.size(); }

  /// Remembers how far each has heard, and resets its connection.
  Result<> drop();

  /// Fails unless each of them, once it was back, was told what it had missed: so many, each once and in
  /// order.
  [[nodiscard]] Result<> check(std::size_t missed) const;

 private:
  struct Subscriber {
    std::optional<centrifuge::Position> left_at;  // nullopt: it was never here
    std::string reply;                            // to its subscription; read when there is time for it
  };

  Returners(Crowd crowd, Target target, std::string room, std::size_t count);

  Result<> take(std::size_t who, std::string_view heard);

  Crowd crowd_;
  Target target_;
  std::string room_;
  std::vector<Subscriber> subscribers_;
  std::size_t greeted_ = 0;  // have sent what they enter with
  std::size_t here_ = 0;
};

}  // namespace coroom::bench
