#pragma once

#include <SQLiteCpp/Database.h>

namespace coroom::detail::storage {

/// Has a database give pages back that hold nothing any more (auto_vacuum=INCREMENTAL). Before its tables are
/// made it costs nothing; an older database is rewritten once, unless it is large, which is logged with what
/// to do. Throws SQLite::Exception.
void let_give_back(SQLite::Database& database, bool is_new);

/// Moves the write-ahead log into the database and cuts it to nothing. Does not wait for readers: false, if
/// one still needs the log. Throws SQLite::Exception.
bool cut_log(SQLite::Database& database);

/// Gives up to 1 MiB of free pages back to the file system, and keeps as much for what is written next.
/// Returns whether more could be given back. Throws SQLite::Exception.
bool give_back(SQLite::Database& database);

}  // namespace coroom::detail::storage
