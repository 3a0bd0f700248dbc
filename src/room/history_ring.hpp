#pragma once

#include "core/compact_queue.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/publication.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coroom::detail::room {

/// The latest publications of one room, with their offsets. Pure. Readers share the publications, so no
/// publication is copied under a lock.
class HistoryRing {
 public:
  using SharedPublication = std::shared_ptr<const Publication>;

  /// Assigns the next offset to a publication, applies its revision and keeps it. Then drops the oldest
  /// publications over `size`, or over `bytes` of data, client infos and tags (0: no limit), but never this
  /// one. The caller must not change the publication afterwards.
  void append(std::shared_ptr<Publication> publication, std::size_t size, std::size_t bytes = 0);

  /// Returns the publications that match the filter, from the first one that is not older than `oldest`.
  [[nodiscard]] std::vector<SharedPublication> read(const HistoryFilter& filter,
                                                    Clock::TimePoint oldest = Clock::TimePoint::min()) const;

  /// Drops all publications but the last `size` ones.
  void forget_all_but(std::size_t size);

  /// Drops the oldest publications that are older than `oldest`, at most `most`; stops at the first newer
  /// one. Returns the number of dropped publications.
  std::size_t forget_before(Clock::TimePoint oldest,
                            std::size_t most = std::numeric_limits<std::size_t>::max());

  /// Drops all publications; the offsets continue.
  void clear() { trim_to(0); }

  /// Returns the offset of the last publication, even if it was dropped.
  [[nodiscard]] std::uint64_t top() const { return top_; }
  [[nodiscard]] std::size_t size() const { return publications_.size(); }

  /// Returns the approximate memory of the publications.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Drops the oldest publications until bytes() is at most `bytes`. Returns bytes().
  std::size_t trim_to(std::size_t bytes);

 private:
  /// The latest revision of a publication.
  struct Revised {
    std::uint64_t by = 0;  // offset of the revision
    bool final = false;
  };

  void pop_front();
  void revise(Publication& by);
  void replace_data(std::uint64_t offset, std::string data);

  CompactQueue<SharedPublication> publications_;  // consecutive offsets up to top_
  std::map<std::uint64_t, Revised> revised_;      // by offset, for publications in the ring
  std::uint64_t top_ = 0;
  std::size_t bytes_ = 0;    // with the overhead of each publication
  std::size_t content_ = 0;  // data, client infos and tags alone
};

}  // namespace coroom::detail::room
