#include "storage/sqlite_writer.hpp"

#include "core/insist.hpp"
#include "storage/free_pages.hpp"
#include "storage/sqlite_statement.hpp"
#include "storage/tags_json.hpp"

#include <coroom/log.hpp>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <sqlite3.h>
#include <utility>

namespace coroom::detail::storage {
namespace {

constexpr std::int64_t second = 1'000'000;  // microseconds
constexpr std::int64_t trim_every = 60 * second;
constexpr std::int64_t forget_every = 10 * second;
constexpr std::int64_t note_time_every = 300 * second;
constexpr std::int64_t forgotten_after = 30 * 24 * 3600 * second;  // after a room's history has expired
constexpr std::size_t rooms_in_memory = 100'000;

// One step of deletion is short, so that it delays no publication for long. The rest follows after a pause in
// which publications are written. A million publications and ten thousand rooms take some seconds.
constexpr std::int64_t pause = second / 10;
constexpr std::chrono::milliseconds longest_forgetting{50};
constexpr int rooms_to_look_at = 2'000;         // mostly without publications: one seek each
constexpr int publications_to_forget = 10'000;  // the last room may exceed it
constexpr int rooms_to_forget = 500;

// The time for which the writer waits for the write lock of another process before it checks whether callers
// still wait. How long a publication waits in all is up to its caller.
constexpr int look_at_callers = 50;  // milliseconds

// SQLite's own default. A checkpoint syncs the database's file, so publications should not wait for it.
constexpr int pages_to_checkpoint = 1000;

// A cut of the log syncs too, so one cut serves all revisions of this interval.
constexpr std::chrono::milliseconds cut_log_every{1000};

/// The time since its construction, for the limit of one step of deletion.
class StoredTime {
 public:
  [[nodiscard]] bool is_up() const { return std::chrono::steady_clock::now() - began_ > longest_forgetting; }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Appends the size of a publication to a statement: the bytes of its data, infos and tags.
std::string of_size(const std::string& statement) {
  return statement +
         "length(data) + length(CAST(conn_info AS BLOB)) + length(CAST(chan_info AS BLOB)) + "
         "ifnull(length(CAST(tags AS BLOB)), 0)";
}

/// Runs a statement whose rows are sizes, and returns their sum.
std::int64_t sum_of(SQLite::Statement& statement) {
  std::int64_t sum = 0;
  while (statement.executeStep()) sum += statement.getColumn(0).getInt64();
  statement.tryReset();
  return sum;
}

/// Returns the last time that an earlier process considered right, or the clock's if there is none.
Clock::TimePoint last_time(SQLite::Database& database, const Clock& clock) {
  SQLite::Statement query(database, "SELECT value FROM meta WHERE name='last_time'");
  if (!query.executeStep()) return clock.now();
  return Clock::TimePoint(std::chrono::microseconds(query.getColumn(0).getInt64()));
}

/// The room may move the publications when the call ends, so the writer gives up its share of them first.
void complete(HistoryWrite& write, const Result<Position>& position) {
  write.publications.reset();
  detail::insist("an answer", [&] { write.complete(position); });
}

}  // namespace

std::string next_epoch(SQLite::Database& database) {
  SQLite::Statement query(database, "SELECT value FROM meta WHERE name='next_epoch'");
  return query.executeStep() ? query.getColumn(0).getString() : std::string();
}

SqliteWriter::SqliteWriter(SQLite::Database database, std::filesystem::path file, const Clock& clock)
    : database_(std::move(database)),
      file_(std::move(file)),
      files_(file_),
      clock_(clock),
      deletion_clock_(clock, last_time(database_, clock)),
      find_room_(database_, "SELECT id, epoch, top, expires FROM rooms WHERE name=?"),
      make_room_(database_, "INSERT INTO rooms(name, epoch, top, expires) VALUES(?, ?, 0, 0)"),
      update_room_(database_, "UPDATE rooms SET top=?, expires=? WHERE id=?"),
      insert_(database_,
              "INSERT INTO publications(room, offset, time, kind, data, address, client, user, conn_info, "
              "chan_info, tags) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      delete_up_to_(database_, of_size("DELETE FROM publications WHERE room=? AND offset<=? RETURNING ")),
      // The subquery reads only the rows to delete and one more.
      delete_before_(
          database_,
          of_size("DELETE FROM publications WHERE room=?1 AND offset<"
                  "(SELECT offset FROM publications WHERE room=?1 AND time>=?2 ORDER BY offset LIMIT 1) "
                  "RETURNING ")),
      delete_all_(database_, "DELETE FROM publications WHERE room=?"),
      count_bytes_(database_, of_size("SELECT total(") + ") FROM publications WHERE room=?"),
      sizes_(database_, of_size("SELECT offset, ") + " FROM publications WHERE room=? ORDER BY offset"),
      find_revised_(database_, "SELECT revised_by FROM publications WHERE room=? AND offset=?"),
      replace_data_(database_, "UPDATE publications SET data=?3 WHERE room=?1 AND offset=?2"),
      note_revision_(database_, "UPDATE publications SET revised_by=?3 WHERE room=?1 AND offset=?2"),
      find_size_(database_, "SELECT length(data) FROM publications WHERE room=? AND offset=?") {
  database_.setBusyTimeout(look_at_callers);
  const auto note_size = [](void* pages, sqlite3*, const char*, int size) {
    *static_cast<int*>(pages) = size;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.getHandle(), note_size, &log_pages_);  // replaces the checkpoint at each commit
  if (next_epoch(database_).empty()) {
    SQLite::Statement insert(database_, "INSERT INTO meta VALUES('next_epoch', ?)");
    insert.bind(1, new_epoch());
    insert.exec();
  }
}

std::chrono::milliseconds SqliteWriter::write(std::vector<HistoryWrite> writes) {
  if (!writes.empty()) keep(writes);
  checkpoint_if_due();
  const std::chrono::milliseconds cut_again = cut_log_if_due();
  return std::min(cut_again, forget_if_due());
}

void SqliteWriter::keep(std::vector<HistoryWrite>& writes) {
  // Data that is committed to a file without its name would be lost.
  if (auto there = files_.check(); !there) {
    claim(writes);
    return fail(writes, there.error());
  }
  std::vector<Position> positions;
  try {
    const auto transaction = begin(writes);
    if (transaction == nullptr) return;
    commit(writes, positions);
    transaction->commit();
  } catch (const std::exception& exception) {  // of SQLite, or std::bad_alloc
    rooms_.clear();                            // their state was rolled back
    changed_.clear();
    return fail(writes, Error{file_.string() + ": " + exception.what(), Errc::storage_failed});
  }
  if (auto there = files_.check(); !there) return fail(writes, there.error());
  if (std::exchange(failing_, false))
    logging::info("the history can be written again", {{"file", file_.string()}});
  for (std::size_t index = 0; index != writes.size(); ++index) complete(writes[index], positions[index]);
}

/// Takes the write lock for the writes that have not been withdrawn. Returns nullptr if none is left.
std::unique_ptr<SQLite::Transaction> SqliteWriter::begin(std::vector<HistoryWrite>& writes) {
  while (true) {
    try {
      auto transaction =
          std::make_unique<SQLite::Transaction>(database_, SQLite::TransactionBehavior::IMMEDIATE);
      claim(writes);
      if (writes.empty()) transaction.reset();
      return transaction;
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_BUSY) {
        claim(writes);  // the remaining writes get the error
        throw;
      }
    }
    if (std::erase_if(writes, [](const HistoryWrite& write) { return write.claim->is_withdrawn(); }) != 0)
      note("another process has locked the database");
    if (writes.empty()) return nullptr;
  }
}

/// Removes the withdrawn writes. The others can be withdrawn no longer.
void SqliteWriter::claim(std::vector<HistoryWrite>& writes) {
  if (std::erase_if(writes, [](const HistoryWrite& write) { return !write.claim->begin(); }) != 0)
    note("a publication was queued for too long");
}

void SqliteWriter::fail(std::vector<HistoryWrite>& writes, const Error& why) {
  note(why.message);
  for (HistoryWrite& write : writes) complete(write, tl::unexpected(why));
}

void SqliteWriter::commit(const std::vector<HistoryWrite>& writes, std::vector<Position>& positions) {
  if (rooms_.size() > rooms_in_memory) rooms_.clear();
  for (const HistoryWrite& write : writes)
    positions.push_back(write.kind == HistoryWrite::Kind::publish ? publish(write) : remove(write));
  for (const std::string& name : std::exchange(changed_, {})) {
    const StoredRoom& state = rooms_.at(name);
    run(update_room_, static_cast<std::int64_t>(state.top), state.expires, state.id);
  }
}

Position SqliteWriter::publish(const HistoryWrite& write) {
  StoredRoom& state = find_or_make(write.room);
  for (const Publication& publication : *write.publications) {
    ++state.top;
    insert(state, publication, publication.revision ? revise(state, publication) : publication.data);
  }
  const auto ttl = std::chrono::duration_cast<std::chrono::microseconds>(write.options.history_ttl).count();
  // Publications from before the clock was set back expire later.
  state.expires = std::max(state.expires, microseconds(clock_.now()) + ttl);
  trim(state, write.options);
  changed_.insert(write.room);
  return {state.top, state.epoch};
}

Position SqliteWriter::remove(const HistoryWrite& write) {
  StoredRoom* state = find(write.room);
  if (state == nullptr) return {};
  remove_up_to(*state, state->top);
  log_cut_ = LogCut::due;
  return {state->top, state->epoch};
}

SqliteWriter::StoredRoom* SqliteWriter::find(const std::string& room) {
  const auto known = rooms_.find(room);
  if (known != rooms_.end()) return &known->second;
  if (!prepared(find_room_, room).executeStep()) return nullptr;
  StoredRoom state;
  state.id = find_room_.getColumn(0).getInt64();
  state.epoch = find_room_.getColumn(1).getString();
  state.top = static_cast<std::uint64_t>(find_room_.getColumn(2).getInt64());
  state.expires = find_room_.getColumn(3).getInt64();
  find_room_.tryReset();
  return &rooms_.emplace(room, std::move(state)).first->second;
}

SqliteWriter::StoredRoom& SqliteWriter::find_or_make(const std::string& room) {
  if (StoredRoom* state = find(room)) return *state;
  StoredRoom state;
  state.epoch = next_epoch(database_);
  run(make_room_, room, state.epoch);
  state.id = database_.getLastInsertRowid();
  return rooms_.emplace(room, std::move(state)).first->second;
}

void SqliteWriter::insert(StoredRoom& state, const Publication& publication, const std::string& data) {
  const ClientInfo nobody;
  const ClientInfo& client_info = publication.client_info ? *publication.client_info : nobody;
  const std::string tags = publication.tags ? json_of_tags(*publication.tags) : std::string();
  if (state.bytes)
    *state.bytes += std::ssize(data) + std::ssize(client_info.conn_info) + std::ssize(client_info.chan_info) +
                    std::ssize(tags);
  insert_.tryReset();
  int column = 0;
  insert_.bind(++column, state.id);
  insert_.bind(++column, static_cast<std::int64_t>(state.top));
  insert_.bind(++column, microseconds(publication.time));
  insert_.bind(++column, static_cast<int>(publication.kind));
  insert_.bindNoCopy(++column, data.data(), static_cast<int>(data.size()));
  insert_.bindNoCopy(++column, client_info.address);
  if (client_info.client_id.is_nil()) {
    insert_.bind(++column);
  } else {
    insert_.bindNoCopy(++column, client_info.client_id.data, static_cast<int>(client_info.client_id.size()));
  }
  insert_.bindNoCopy(++column, client_info.user);
  insert_.bindNoCopy(++column, client_info.conn_info);
  insert_.bindNoCopy(++column, client_info.chan_info);
  if (publication.tags) {
    insert_.bindNoCopy(++column, tags);
  } else {
    insert_.bind(++column);
  }
  insert_.exec();
}

const std::string& SqliteWriter::revise(StoredRoom& state, const Publication& by) {
  const Revision& revision = *by.revision;
  prepared(find_revised_, state.id, static_cast<std::int64_t>(revision.offset));
  const bool is_kept = find_revised_.executeStep();
  const std::int64_t earlier = is_kept ? find_revised_.getColumn(0).getInt64() : 0;
  find_revised_.tryReset();
  if (!is_kept) return by.data;
  if (earlier < 0) return revision.superseded;
  if (earlier != 0) replace_data(state, static_cast<std::uint64_t>(earlier), revision.superseded);
  replace_data(state, revision.offset, revision.data);
  const auto number = static_cast<std::int64_t>(state.top);
  run(note_revision_, state.id, static_cast<std::int64_t>(revision.offset),
      revision.is_final ? -number : number);
  log_cut_ = LogCut::due;
  return by.data;
}

void SqliteWriter::replace_data(StoredRoom& state, std::uint64_t offset, const std::string& data) {
  const auto number = static_cast<std::int64_t>(offset);
  if (state.bytes && prepared(find_size_, state.id, number).executeStep())
    *state.bytes += std::ssize(data) - find_size_.getColumn(0).getInt64();
  find_size_.tryReset();
  replace_data_.tryReset();
  replace_data_.bind(1, state.id);
  replace_data_.bind(2, number);
  replace_data_.bindNoCopy(3, data.data(), static_cast<int>(data.size()));
  replace_data_.exec();
  replace_data_.tryReset();
}

void SqliteWriter::remove_up_to(StoredRoom& state, std::uint64_t offset) {
  const std::int64_t gone = sum_of(prepared(delete_up_to_, state.id, static_cast<std::int64_t>(offset)));
  if (state.bytes) *state.bytes -= gone;
}

void SqliteWriter::trim_to_bytes(StoredRoom& state, std::size_t most) {
  if (!state.bytes) state.bytes = sum_of(prepared(count_bytes_, state.id));
  std::int64_t excess = *state.bytes - static_cast<std::int64_t>(most);
  if (excess <= 0) return;
  std::uint64_t last = 0;
  prepared(sizes_, state.id);
  while (excess > 0 && sizes_.executeStep()) {
    const auto offset = static_cast<std::uint64_t>(sizes_.getColumn(0).getInt64());
    if (offset == state.top) break;  // the newest publication stays, however large
    last = offset;
    excess -= sizes_.getColumn(1).getInt64();
  }
  sizes_.tryReset();
  if (last != 0) remove_up_to(state, last);
}

void SqliteWriter::trim(StoredRoom& state, const RoomOptions& options) {
  if (state.top > options.history_size) remove_up_to(state, state.top - options.history_size);
  if (options.history_bytes != 0) trim_to_bytes(state, options.history_bytes);
  const Clock::TimePoint now = deletion_clock_.now();
  if (std::abs(microseconds(now) - state.trimmed_at) < trim_every) return;
  state.trimmed_at = microseconds(now);
  const std::int64_t gone =
      sum_of(prepared(delete_before_, state.id, microseconds(now - options.history_ttl)));
  if (state.bytes) *state.bytes -= gone;
}

std::chrono::milliseconds SqliteWriter::forget_if_due() {
  const std::int64_t now = microseconds(deletion_clock_.now());
  if (now < forgot_at_) forgotten_up_to_ = {};  // the clock was set back: rooms may expire before that place
  if (now < forgot_at_ || now - forgot_at_ >= forget_after_) {
    forgot_at_ = now;
    forget_after_ = forget_every;
    try {
      if (!forget_some(now) || give_back(database_)) forget_after_ = pause;
      forgetting_fails_ = false;
    } catch (const std::exception& exception) {
      const auto* of_sqlite = dynamic_cast<const SQLite::Exception*>(&exception);
      const bool is_locked =
          of_sqlite != nullptr && of_sqlite->getErrorCode() == SQLITE_BUSY;  // it can be done later
      if (!is_locked && !std::exchange(forgetting_fails_, true))
        logging::error("cannot delete expired data", {{"file", file_.string()}, {"error", exception.what()}});
    }
  }
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(forget_after_));
}

/// Deletes one step of expired data: the publications of a room once its last one has expired, and the room
/// after a longer time. Rooms with new publications are trimmed by trim(). Returns whether all expired data
/// is deleted, for now.
bool SqliteWriter::forget_some(std::int64_t now) {
  SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
  Place up_to = forgotten_up_to_;
  const bool all_publications = remove_expired(now, up_to);
  const bool all_rooms = remove_rooms(now - forgotten_after, up_to);
  note_time(now);
  transaction.commit();
  forgotten_up_to_ = up_to;
  return all_publications && all_rooms;
}

/// Stores the time for the next process, which must judge its own clock.
void SqliteWriter::note_time(std::int64_t now) {
  if (std::abs(now - noted_at_) < note_time_every) return;
  noted_at_ = now;
  SQLite::Statement note(database_, "INSERT OR REPLACE INTO meta VALUES('last_time', ?)");
  run(note, std::to_string(now));
}

/// Deletes the publications of expired rooms. A room remains without publications for a long time, so rooms
/// before `up_to` are not read again.
bool SqliteWriter::remove_expired(std::int64_t now, Place& up_to) {
  const StoredTime time;
  SQLite::Statement expired(database_,
                            "SELECT expires, id, name FROM rooms WHERE (expires, id)>(?, ?) AND expires<? "
                            "ORDER BY expires, id LIMIT ?");
  prepared(expired, up_to.first, up_to.second, now, rooms_to_look_at);
  int looked_at = 0;
  for (int gone = 0; expired.executeStep(); ++looked_at) {
    if (looked_at != 0 && (gone >= publications_to_forget || time.is_up())) return false;
    up_to = {expired.getColumn(0).getInt64(), expired.getColumn(1).getInt64()};
    gone += prepared(delete_all_, up_to.second).exec();
    const auto known = rooms_.find(expired.getColumn(2).getString());
    if (known != rooms_.end()) known->second.bytes.reset();
  }
  return looked_at != rooms_to_look_at;
}

/// Deletes rooms whose publications are deleted already.
bool SqliteWriter::remove_rooms(std::int64_t unheard_since, const Place& up_to) {
  SQLite::Statement unheard_of(database_,
                               "SELECT id, name FROM rooms WHERE expires<? AND (expires, id)<=(?, ?) "
                               "ORDER BY expires, id LIMIT ?");
  prepared(unheard_of, unheard_since, up_to.first, up_to.second, rooms_to_forget);
  std::vector<std::int64_t> forgotten;
  while (unheard_of.executeStep()) {
    forgotten.push_back(unheard_of.getColumn(0).getInt64());
    rooms_.erase(unheard_of.getColumn(1).getString());
  }
  if (forgotten.empty()) return true;
  SQLite::Statement remove(database_, "DELETE FROM rooms WHERE id=?");
  for (const std::int64_t id : forgotten) {
    run(delete_all_, id);  // mostly none; the next room with this id must not inherit any
    run(remove, id);
  }
  // The next room of the same name must get another epoch.
  SQLite::Statement renew(database_, "UPDATE meta SET value=? WHERE name='next_epoch'");
  run(renew, new_epoch());
  return std::ssize(forgotten) != rooms_to_forget;
}

/// Moves the log into the database, as far as no reader needs it.
void SqliteWriter::checkpoint_if_due() {
  if (std::exchange(log_pages_, 0) < pages_to_checkpoint) return;
  sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

/// Cuts the log, which still holds data that an edit or a deletion has replaced. This succeeds only if no
/// reader needs the log. Returns the time until the next try.
std::chrono::milliseconds SqliteWriter::cut_log_if_due() {
  using std::chrono::steady_clock;
  if (log_cut_ == LogCut::none) return std::chrono::milliseconds::max();
  const auto since = steady_clock::now() - log_cut_at_;
  if (since < cut_log_every) return std::chrono::ceil<std::chrono::milliseconds>(cut_log_every - since);
  log_cut_at_ = steady_clock::now();
  try {
    if (cut_log(database_)) log_cut_ = LogCut::none;
  } catch (const SQLite::Exception&) {  // NOLINT(bugprone-empty-catch): failed writes are logged
  }
  return log_cut_ == LogCut::none ? std::chrono::milliseconds::max() : cut_log_every;
}

void SqliteWriter::note(const std::string& trouble) {
  if (std::exchange(failing_, true)) return;
  logging::error("cannot write the history", {{"file", file_.string()}, {"error", trouble}});
}

}  // namespace coroom::detail::storage
