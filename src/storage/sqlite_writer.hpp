#pragma once

#include "core/deletion_clock.hpp"
#include "core/keyed_hash.hpp"
#include "storage/claim.hpp"
#include "storage/sqlite_schema.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coroom::detail::storage {

/// A write to a history. `complete` is called once, on the writer's thread, when the write is durable or has
/// failed. It is not called for a withdrawn write.
struct HistoryWrite {
  enum class Kind { publish, remove };

  Kind kind = Kind::publish;
  std::string room;
  SharedPublications publications;
  RoomOptions options;
  std::shared_ptr<Claim> claim;
  std::function<void(Result<Position>)> complete;
};

/// Writes publications into the database, all waiting ones in one transaction. Belongs to one thread.
class SqliteWriter {
 public:
  /// Throws SQLite::Exception.
  SqliteWriter(SQLite::Database database, std::filesystem::path file, const Clock& clock);

  /// Writes all of them, or none if the disk fails. Then deletes expired data if a step is due; a failure of
  /// that is only logged. Returns the time until the next call, which is due even without writes.
  std::chrono::milliseconds write(std::vector<HistoryWrite> writes);

 private:
  struct StoredRoom {
    std::int64_t id = 0;
    std::string epoch;
    std::uint64_t top = 0;
    std::int64_t expires = 0;           // microseconds
    std::int64_t trimmed_at = 0;        // time of the last removal of expired publications; microseconds
    std::optional<std::int64_t> bytes;  // of data, infos and tags; none: not known yet
  };

  /// Whether the log still holds data that a revision has replaced.
  enum class LogCut { none, due };

  using Place = std::pair<std::int64_t, std::int64_t>;  // expiry and id of a room

  void keep(std::vector<HistoryWrite>& writes);
  [[nodiscard]] std::unique_ptr<SQLite::Transaction> begin(std::vector<HistoryWrite>& writes);
  void claim(std::vector<HistoryWrite>& writes);
  void commit(const std::vector<HistoryWrite>& writes, std::vector<Position>& positions);
  Position publish(const HistoryWrite& write);
  Position remove(const HistoryWrite& write);
  StoredRoom* find(const std::string& room);
  StoredRoom& find_or_make(const std::string& room);
  void insert(StoredRoom& state, const Publication& publication, const std::string& data);
  const std::string& revise(StoredRoom& state, const Publication& by);
  void replace_data(StoredRoom& state, std::uint64_t offset, const std::string& data);
  void trim(StoredRoom& state, const RoomOptions& options);
  void trim_to_bytes(StoredRoom& state, std::size_t most);
  void remove_up_to(StoredRoom& state, std::uint64_t offset);
  std::chrono::milliseconds forget_if_due();
  bool forget_some(std::int64_t now);
  void note_time(std::int64_t now);
  bool remove_expired(std::int64_t now, Place& up_to);
  bool remove_rooms(std::int64_t unheard_since, const Place& up_to);
  void checkpoint_if_due();
  std::chrono::milliseconds cut_log_if_due();
  void fail(std::vector<HistoryWrite>& writes, const Error& why);
  void note(const std::string& trouble);

  SQLite::Database database_;
  std::filesystem::path file_;
  DatabaseFiles files_;
  const Clock& clock_;
  DeletionClock deletion_clock_;
  SQLite::Statement find_room_;
  SQLite::Statement make_room_;
  SQLite::Statement update_room_;
  SQLite::Statement insert_;
  SQLite::Statement delete_up_to_;
  SQLite::Statement delete_before_;
  SQLite::Statement delete_all_;
  SQLite::Statement count_bytes_;
  SQLite::Statement sizes_;
  SQLite::Statement find_revised_;
  SQLite::Statement replace_data_;
  SQLite::Statement note_revision_;
  SQLite::Statement find_size_;
  std::unordered_map<std::string, StoredRoom, KeyedHash> rooms_;  // as in the database and this transaction
  std::set<std::string> changed_;                                 // rooms, in this transaction
  std::int64_t noted_at_ = 0;                                     // when the time was stored; microseconds
  std::int64_t forgot_at_ = 0;                                    // microseconds
  std::int64_t forget_after_ = 0;                                 // time until the next step; microseconds
  Place forgotten_up_to_;  // the last room whose publications were deleted
  int log_pages_ = 0;      // in the log after the last commit
  LogCut log_cut_ = LogCut::none;
  std::chrono::steady_clock::time_point log_cut_at_;  // of the last cut
  bool failing_ = false;
  bool forgetting_fails_ = false;
};

/// Returns the epoch for a new room. It is the same until a room is deleted.
std::string next_epoch(SQLite::Database& database);

}  // namespace coroom::detail::storage
