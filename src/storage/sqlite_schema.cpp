#include "storage/sqlite_schema.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <array>
#include <string>
#include <utility>

namespace coroom::storage {
namespace {

constexpr int patience = 5000;  // milliseconds for the other connection to end what it does

// Each brings the database from the version of its place to the next. What was released stays as it is.
constexpr std::array migrations{
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
};

}  // namespace

Result<SQLite::Database> open_for_writing(const std::filesystem::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, patience);
  const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found != "ok") return failure(file.string() + " is damaged: " + found);
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  constexpr int newest = static_cast<int>(migrations.size());
  if (version > newest)
    return failure(file.string() + " has version " + std::to_string(version) +
                   ", made by a newer coroom; this one knows up to " + std::to_string(newest));
  database.exec("PRAGMA journal_mode=WAL");
  database.exec("PRAGMA synchronous=FULL");
  for (int step = version; step != newest; ++step) {
    SQLite::Transaction transaction(database);
    database.exec(migrations.at(static_cast<std::size_t>(step)));
    database.exec("PRAGMA user_version=" + std::to_string(step + 1));
    transaction.commit();
  }
  return database;
}

SQLite::Database open_for_reading(const std::filesystem::path& file) {
  return {file.string(), SQLite::OPEN_READONLY, patience};
}

}  // namespace coroom::storage
