#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/publication.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coroom::detail::room {

/// The last publications of one room, and their numbers. Pure. They are shared with who reads them, so that
/// nobody copies them while others wait.
class HistoryRing {
 public:
  using Shared = std::shared_ptr<const Publication>;

  /// Numbers the publication and keeps it; forgets what is more than `size`, or has more than `bytes` of data
  /// and infos (0: any number), but for this one. Applies its revision. Nobody else changes it from then on.
  void append(std::shared_ptr<Publication> publication, std::size_t size, std::size_t bytes = 0);

  /// What it has, as the filter asks, from the first on that is not older than `oldest`.
  [[nodiscard]] std::vector<Shared> read(const HistoryFilter& filter,
                                         Clock::TimePoint oldest = Clock::TimePoint::min()) const;

  /// Forgets all but the last ones, so many.
  void forget_all_but(std::size_t size);

  /// Forgets what is older than that and before all that is not, `most` at a time. Gives how many went.
  std::size_t forget_before(Clock::TimePoint oldest,
                            std::size_t most = std::numeric_limits<std::size_t>::max());

  /// Forgets all; the numbers go on.
  void clear() { trim_to(0); }

  /// The number of the last publication, kept or not.
  [[nodiscard]] std::uint64_t top() const { return top_; }
  [[nodiscard]] std::size_t size() const { return publications_.size(); }

  /// What they take, about.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Forgets the oldest until they take no more, and gives what is left.
  std::size_t trim_to(std::size_t bytes);

 private:
  /// What became of a publication that was revised.
  struct Revised {
    std::uint64_t by = 0;  // the last revision
    bool final = false;
  };

  void pop_front();
  void revise(Publication& by);
  void replace_data(std::uint64_t offset, std::string data);

  std::deque<Shared> publications_;           // without gaps, up to top_
  std::map<std::uint64_t, Revised> revised_;  // by offset, of those that are kept
  std::uint64_t top_ = 0;
  std::size_t bytes_ = 0;    // with what each takes beside its data
  std::size_t content_ = 0;  // of data and infos
};

}  // namespace coroom::detail::room
