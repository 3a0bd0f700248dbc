#pragma once

#include <SQLiteCpp/Database.h>

namespace coroom::detail::storage {

/// Enables the return of free pages to the file system (auto_vacuum=INCREMENTAL). For a database without
/// tables it costs nothing. An older database is rewritten once. A database that is too large for that is
/// left unchanged, and a warning explains how to rewrite it. Throws SQLite::Exception.
void let_give_back(SQLite::Database& database, bool is_new);

/// Moves the write-ahead log into the database and truncates it. Does not wait for readers: returns false if
/// one of them still needs the log. Throws SQLite::Exception.
bool cut_log(SQLite::Database& database);

/// Returns up to 1 MiB of free pages to the file system, and keeps 1 MiB for the next writes. Returns whether
/// more pages could be returned. Throws SQLite::Exception.
bool give_back(SQLite::Database& database);

}  // namespace coroom::detail::storage
