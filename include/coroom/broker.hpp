#pragma once

#include <coroom/clock.hpp>
#include <coroom/error.hpp>
#include <coroom/publication.hpp>
#include <coroom/room_options.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace coroom {

/// A place in the history of a room.
struct Position {
  Position() = default;

  /// Behind the publication with this offset.
  Position(std::uint64_t at, std::string life) : offset(at), epoch(std::move(life)) {}

  /// Whether they are the same place in the same life.
  bool operator==(const Position&) const = default;

  std::uint64_t offset = 0;  ///< of the last publication; 0: there was none
  std::string epoch;         ///< names one life of the history: offsets of two epochs have nothing in common
};

/// What to read of a history.
struct HistoryFilter {
  HistoryFilter() = default;

  /// At most this many, from where `start` says.
  explicit HistoryFilter(std::size_t most, std::optional<std::uint64_t> start = std::nullopt,
                         bool backwards = false)
      : limit(most), since(start), reverse(backwards) {}

  std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< publications; 0: the position alone
  std::optional<std::uint64_t> since;  ///< an offset: what is after it, or before it in reverse
  bool reverse = false;                ///< the newest first
  std::size_t bytes = std::numeric_limits<std::size_t>::max();  ///< of data and infos, but one at least
  std::uintptr_t share = 0;  ///< reads take turns by it, where they wait; 0: of no client in particular
};

/// What was read.
struct History {
  std::vector<Publication> publications;  ///< without gaps, in the order that was asked for
  Position top;                           ///< of the room, as it was then
};

/// The authority on a room's order: it numbers what is said and keeps it. A program may bring its own
/// (Settings::broker).
///
/// Any shard may call, several at a time, and each call ends on the executor that it was awaited on. All
/// publications of one room come from one shard, one call after the other. Offsets of a room grow by one
/// without gaps; the epoch stays for as long as they do. The application waits for every call before it ends.
class Broker {
 public:
  Broker() = default;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  virtual ~Broker() = default;

  /// Keeps the publications, which outlive the call, all of them or none, and sets their offsets. When it has
  /// ended they are as safe as this broker makes them. Gives the position of the last. An error is temporary:
  /// the publisher may try again. What is not begun within `options.broker_timeout` is an error, and is never
  /// kept. A Publication::revision is applied in the same step, if the room still keeps the publication that
  /// it revises.
  virtual task<Result<Position>> publish(std::string room, std::span<Publication> publications,
                                         RoomOptions options) = 0;

  /// Reads what the room still keeps: of its last `options.history_size`, the first that is not older than
  /// `options.history_ttl`, and all after it: a clock that is set back makes no gaps. A room that was never
  /// heard of is given an epoch. What is not read within `options.broker_timeout` is an error.
  virtual task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) = 0;

  /// Forgets what was said; offsets go on where they were.
  virtual task<Result<>> remove_history(std::string room) = 0;
};

/// A broker that keeps what was said in memory, and loses it with the process. The clock outlives it. Where
/// the histories would take more than `most` bytes, about, the largest are cut short: they lose their oldest.
/// Of more rooms than that leaves 4 KiB each, those with the fewest publications are forgotten instead.
std::shared_ptr<Broker> make_memory_broker(const Clock& clock, std::size_t most = std::size_t{256} << 20);

}  // namespace coroom
