#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace coroom::centrifuge {

/// Replies that become known in any order and leave in the order of their commands. Pure.
class PendingReplies {
 public:
  using Place = std::uint64_t;

  /// For the next command.
  Place reserve();

  /// The reply to it, a line. Called once for each place.
  void fill(Place place, std::string line);

  /// The lines that may leave now, joined by line breaks; empty if there are none.
  std::string take();

  [[nodiscard]] std::size_t size() const { return lines_.size(); }

 private:
  std::deque<std::optional<std::string>> lines_;  // none: not known yet
  Place first_ = 0;                               // that of lines_.front()
};

}  // namespace coroom::centrifuge
