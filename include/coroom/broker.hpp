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
#include <string>
#include <vector>

namespace coroom {

/// A position in the history of a room: behind the publication with an offset.
struct Position {
  std::uint64_t offset = 0;  ///< of the last publication; 0: there is none
  std::string epoch = {};    ///< names one run of offsets: offsets of two epochs can't be compared

  bool operator==(const Position&) const = default;
};

/// Selects publications of a history.
struct HistoryFilter {
  std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< publications; 0: the position alone
  std::optional<std::uint64_t> since = {};  ///< an offset: those after it, or in reverse those before it
  bool reverse = false;                     ///< the newest first
  std::size_t bytes =
      std::numeric_limits<std::size_t>::max();  ///< of data, tags and client infos; at least one fits
  std::uintptr_t share = 0;  ///< reads that wait take turns by this number; 0: of no client in particular
};

/// Publications that were read from a history.
struct History {
  std::vector<Publication> publications = {};  ///< without gaps, in the order that the filter asks for
  Position top = {};                           ///< of the room at the time of the read
};

/// The publications of one step, shared by a room and its broker.
using SharedPublications = std::shared_ptr<const std::vector<Publication>>;

/// Numbers and stores the publications of rooms. A program may bring its own (Settings::broker).
///
/// Any shard may call it, several at a time, and each call ends on the executor on which it was awaited. All
/// publications of one room come from one shard, one call after the other. Offsets of a room grow by one
/// without gaps, and the epoch stays for as long as they do. The application waits for every call before it
/// ends. An exception of a call counts as Errc::storage_failed.
class Broker {
 public:
  Broker() = default;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  virtual ~Broker() = default;

  /// Stores the publications, all of them or none, and returns the position of the last: they have the
  /// offsets that end there. When the call ends they are as safe as this broker makes them. Applies their
  /// Publication::revision in the same step, where the room still keeps the publication that it revises.
  /// The broker does not change the publications, and gives up its share of them before the call ends.
  ///
  /// Errors: an error is temporary, and the publisher may try again. A call that has not begun to store after
  /// `options.broker_timeout` is an error, and never stores.
  virtual task<Result<Position>> publish(std::string room, SharedPublications publications,
                                         RoomOptions options) = 0;

  /// Reads the publications that the room still keeps, with their offsets: of its last `options.history_size`
  /// the first that is not older than `options.history_ttl`, and all after it, so that a clock that is set
  /// back makes no gaps. A room without a history is given an epoch.
  ///
  /// Errors: reading takes longer than `options.broker_timeout`, or fails.
  virtual task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) = 0;

  /// Removes the publications of a room. Offsets go on from where they were.
  virtual task<Result<>> remove_history(std::string room) = 0;
};

/// Returns a new, unique name for Position::epoch. A broker needs one for each history that it begins.
[[nodiscard]] std::string new_epoch();

/// The memory for all histories of a broker in memory, in bytes.
constexpr std::size_t default_history_memory = std::size_t{256} << 20;

/// Returns a broker that keeps histories in memory and loses them with the process. The clock outlives it.
/// Beyond about `max_bytes` for all histories, the largest lose their oldest publications; of more rooms than
/// that leaves 4 KiB each, those with the fewest publications lose theirs.
std::shared_ptr<Broker> make_memory_broker(const Clock& clock,
                                           std::size_t max_bytes = default_history_memory);

}  // namespace coroom
