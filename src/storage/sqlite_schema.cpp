#include "storage/sqlite_schema.hpp"

#include "storage/free_pages.hpp"
#include "storage/time_limit.hpp"

#include <coroom/log.hpp>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace coroom::detail::storage {
namespace {

constexpr int longest_log = 8 << 20;  // bytes; a log that grew because of a slow reader is cut to this size

constexpr std::uintmax_t long_to_check = 100 << 20;  // bytes

// Released steps must never change.
constexpr std::array<const char*, 3> of_histories{
    R"(
      CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE rooms(
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        epoch TEXT NOT NULL,
        top INTEGER NOT NULL,         -- offset of the last publication, kept or not
        expires INTEGER NOT NULL);    -- when the last of its publications does; microseconds
      CREATE INDEX rooms_by_expiry ON rooms(expires);
      CREATE TABLE publications(
        room INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        time INTEGER NOT NULL,        -- microseconds
        kind INTEGER NOT NULL,
        data BLOB NOT NULL,
        address TEXT NOT NULL,
        client BLOB,
        user TEXT NOT NULL,
        conn_info TEXT NOT NULL,
        chan_info TEXT NOT NULL,
        PRIMARY KEY(room, offset)) WITHOUT ROWID;
    )",
    // The offset of the last revision of a publication, negative if it is the final one; NULL: there is none.
    "ALTER TABLE publications ADD COLUMN revised_by INTEGER",
    // A JSON object of strings; NULL: there are no tags.
    "ALTER TABLE publications ADD COLUMN tags TEXT",
};

constexpr std::array<const char*, 1> of_restrictions{
    R"(
      CREATE TABLE rulings(
        kind INTEGER NOT NULL,
        subject TEXT NOT NULL,
        room TEXT NOT NULL,           -- of a mute; empty: everywhere
        until INTEGER,                -- microseconds, as all times; NULL: it has no end
        interval INTEGER NOT NULL,    -- of slow mode; milliseconds
        before INTEGER NOT NULL,      -- of a user's revocation
        reason TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY(kind, subject, room)) WITHOUT ROWID;
      CREATE INDEX rulings_by_end ON rulings(until);
    )",
};

/// Creates the file for its owner alone and checks that it is writable. SQLite would create it readable for
/// all users, and would open a file that is not writable for reading.
Result<> make_writable(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return failure(Errc::storage_failed, file.string() + ": " + std::strerror(errno));
  ::close(descriptor);
  return {};
}

/// Logs the reason of a slow start.
void tell_of_a_long_check(const std::filesystem::path& file) {
  std::error_code ec;
  const std::uintmax_t size = std::filesystem::file_size(file, ec);
  if (ec || size < long_to_check) return;
  logging::info("checking a large database", {{"file", file.string()}, {"bytes", size}});
}

/// Returns the first damage that was found in this time, or "ok".
std::string damage_in(SQLite::Database& database, std::chrono::milliseconds time) {
  const TimeLimit limit(database, time);
  try {
    return database.execAndGet("PRAGMA quick_check(1)").getString();
  } catch (const SQLite::Exception& exception) {
    if (exception.getErrorCode() != SQLITE_INTERRUPT) throw;
  }
  logging::warning("a large database was checked in part", {{"file", database.getFilename()}});
  return "ok";
}

/// Sets whether the last connection to close moves the log into the database.
void checkpoint_on_close(const SQLite::Database& database, bool on) {
  sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

}  // namespace

Migrations history_tables() {
  return of_histories;
}

Migrations ruling_tables() {
  return of_restrictions;
}

Result<SQLite::Database> open_for_writing(const std::filesystem::path& file, Migrations tables,
                                          std::chrono::milliseconds check) {
  if (auto made = make_writable(file); !made) return tl::unexpected(made.error());
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE, patience);
  checkpoint_on_close(database, false);  // a damaged database must not change
  tell_of_a_long_check(file);
  const std::string found = damage_in(database, check);
  if (found != "ok") return failure(Errc::storage_failed, file.string() + " is damaged: " + found);
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  const int newest = static_cast<int>(tables.size());
  if (version > newest)
    return failure(Errc::storage_failed, file.string() + " has version " + std::to_string(version) +
                                             ", made by a newer coroom; this version supports up to " +
                                             std::to_string(newest));
  checkpoint_on_close(database, true);
  database.exec("PRAGMA secure_delete=ON");  // deleted data must not stay in the file
  let_give_back(database, version == 0);
  database.exec("PRAGMA journal_mode=WAL");
  database.exec("PRAGMA synchronous=FULL");
  database.exec("PRAGMA journal_size_limit=" + std::to_string(longest_log));
  for (int step = version; step != newest; ++step) {
    SQLite::Transaction transaction(database);
    database.exec(tables[static_cast<std::size_t>(step)]);
    database.exec("PRAGMA user_version=" + std::to_string(step + 1));
    transaction.commit();
  }
  return database;
}

DatabaseFiles::DatabaseFiles(const std::filesystem::path& file)
    : database_(file), log_(file.string() + "-wal") {}

Result<> DatabaseFiles::check() {
  if (auto there = database_.check(); !there) return there;
  return log_.check();
}

SQLite::Database open_for_reading(const std::filesystem::path& file) {
  return {file.string(), SQLite::OPEN_READONLY, patience};
}

}  // namespace coroom::detail::storage
