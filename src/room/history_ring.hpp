#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/publication.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace coroom::room {

/// The last publications of one room, and their numbers. Pure.
class HistoryRing {
 public:
  /// Numbers the publication and keeps a copy of it; forgets what is more than `size`.
  void append(Publication& publication, std::size_t size);

  /// What it has, as the filter asks.
  [[nodiscard]] std::vector<Publication> read(const HistoryFilter& filter) const;

  /// Forgets all but the last ones, so many.
  void forget_all_but(std::size_t size);

  /// Forgets what is older than that.
  void forget_before(Clock::TimePoint oldest);

  /// Forgets all; the numbers go on.
  void clear() { publications_.clear(); }

  /// The number of the last publication, kept or not.
  [[nodiscard]] std::uint64_t top() const { return top_; }
  [[nodiscard]] std::size_t size() const { return publications_.size(); }

 private:
  std::deque<Publication> publications_;  // without gaps, up to top_
  std::uint64_t top_ = 0;
};

}  // namespace coroom::room
