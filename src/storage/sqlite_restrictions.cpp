#include "storage/sqlite_restrictions.hpp"

#include "core/deletion_clock.hpp"
#include "core/thrown.hpp"
#include "storage/free_pages.hpp"
#include "storage/sqlite_schema.hpp"
#include "storage/sqlite_statement.hpp"
#include "storage/worker.hpp"

#include <coroom/log.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::storage {
namespace {

constexpr std::chrono::hours idle{1};  // interval of deletions without writes

Clock::TimePoint time_in(const SQLite::Column& column) {
  return Clock::TimePoint(std::chrono::microseconds(column.getInt64()));
}

Restriction restriction_of(SQLite::Statement& row) {
  Restriction restriction(static_cast<Restriction::Kind>(row.getColumn(0).getInt()),
                          row.getColumn(1).getString());
  restriction.room = row.getColumn(2).getString();
  if (!row.getColumn(3).isNull()) restriction.until = time_in(row.getColumn(3));
  restriction.interval = std::chrono::milliseconds(row.getColumn(4).getInt64());
  restriction.before = time_in(row.getColumn(5));
  restriction.reason = row.getColumn(6).getString();
  restriction.since = time_in(row.getColumn(7));
  return restriction;
}

/// Returns the time of the last restriction, but never a time after the clock's; the clock's if there is
/// none.
Clock::TimePoint last_time(SQLite::Database& database, const Clock& clock) {
  SQLite::Statement last(database, "SELECT max(since) FROM rulings");
  const bool found = last.executeStep() && !last.getColumn(0).isNull();
  return found ? std::min(time_in(last.getColumn(0)), clock.now()) : clock.now();
}

struct Change {
  bool keeps = true;        // false: the restriction is deleted
  Restriction restriction;  // only the key is set if it is deleted
  ModerationStore::Done done;
};

/// Writes restrictions. Belongs to one thread, except for its construction.
class Writer {
 public:
  /// Throws SQLite::Exception.
  Writer(SQLite::Database database, std::filesystem::path file, const Clock& clock)
      : database_(std::move(database)),
        file_(std::move(file)),
        files_(file_),
        deletion_clock_(clock, last_time(database_, clock)),
        insert_(database_, "INSERT OR REPLACE INTO rulings VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
        delete_(database_, "DELETE FROM rulings WHERE kind=? AND subject=? AND room=?"),
        delete_over_(database_, "DELETE FROM rulings WHERE until<=?") {}

  /// Returns expired restrictions too, because the clock may be wrong now.
  std::vector<Restriction> read() {
    SQLite::Statement all(database_,
                          "SELECT kind, subject, room, until, interval, before, reason, since FROM rulings");
    std::vector<Restriction> kept;
    while (all.executeStep()) kept.push_back(restriction_of(all));
    return kept;
  }

  /// Writes all changes in one transaction, or none if the disk fails.
  std::chrono::milliseconds write(const std::vector<Change>& changes) {
    Result<> written = files_.check();  // a file without its name would be lost after the commit
    try {
      if (written) commit(changes);
      if (written) written = files_.check();
      while (written && changes.empty() && give_back(database_)) {
      }
    } catch (const std::exception& exception) {  // of SQLite, or for want of memory
      written = failure(Errc::storage_failed, file_.string() + ": " + exception.what());
    }
    if (!written && !failing_)
      logging::error("cannot write the restrictions",
                     {{"file", file_.string()}, {"error", written.error().message}});
    failing_ = !written;
    for (const Change& change : changes)
      detail::log_what_is_thrown("a completion handler threw", [&] { change.done(written); });
    return idle;
  }

 private:
  void commit(const std::vector<Change>& changes) {
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    run(delete_over_, microseconds(deletion_clock_.now()));
    for (const Change& change : changes) {
      const Restriction& restriction = change.restriction;
      if (change.keeps) {
        keep(restriction);
      } else {
        run(delete_, static_cast<int>(restriction.kind), restriction.subject, restriction.room);
      }
    }
    transaction.commit();
  }

  void keep(const Restriction& restriction) {
    insert_.tryReset();
    insert_.bind(1, static_cast<int>(restriction.kind));
    insert_.bindNoCopy(2, restriction.subject);
    insert_.bindNoCopy(3, restriction.room);
    if (restriction.until) {
      insert_.bind(4, microseconds(*restriction.until));
    } else {
      insert_.bind(4);
    }
    insert_.bind(5, static_cast<std::int64_t>(restriction.interval.count()));
    insert_.bind(6, microseconds(restriction.before));
    insert_.bindNoCopy(7, restriction.reason);
    insert_.bind(8, microseconds(restriction.since));
    insert_.exec();
    insert_.tryReset();
  }

  SQLite::Database database_;
  std::filesystem::path file_;
  DatabaseFiles files_;
  detail::DeletionClock deletion_clock_;
  SQLite::Statement insert_;
  SQLite::Statement delete_;
  SQLite::Statement delete_over_;
  bool failing_ = false;
};

class SqliteRestrictions final : public ModerationStore {
 public:
  SqliteRestrictions(std::unique_ptr<Writer> writer, std::vector<Restriction> kept)
      : kept_(std::move(kept)),
        writer_(std::move(writer)),
        changes_([this](const std::vector<Change>& changes) { return writer_->write(changes); }, idle) {}

  std::vector<Restriction> take() override { return std::exchange(kept_, {}); }

  void keep(const Restriction& restriction, Done done) override {
    changes_.add(Change{true, restriction, std::move(done)});
  }

  void forget(Restriction::Kind kind, const std::string& subject, const std::string& room,
              Done done) override {
    Restriction restriction(kind, subject);
    restriction.room = room;
    changes_.add(Change{false, std::move(restriction), std::move(done)});
  }

 private:
  std::vector<Restriction> kept_;
  std::unique_ptr<Writer> writer_;
  Worker<Change> changes_;
};

}  // namespace

Result<std::shared_ptr<ModerationStore>> open_sqlite_restrictions(const std::filesystem::path& folder,
                                                                  const Clock& clock) {
  const std::filesystem::path file = folder / "moderation.db";
  try {
    auto database = open_for_writing(file, ruling_tables());
    if (!database) return tl::unexpected(database.error());
    auto writer = std::make_unique<Writer>(std::move(*database), file, clock);
    auto kept = writer->read();
    return std::make_shared<SqliteRestrictions>(std::move(writer), std::move(kept));
  } catch (const SQLite::Exception& exception) {
    return failure(Errc::storage_failed, file.string() + ": " + exception.what());
  }
}

}  // namespace coroom::detail::storage
