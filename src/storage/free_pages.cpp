#include "storage/free_pages.hpp"

#include "storage/sqlite_schema.hpp"

#include <coroom/log.hpp>

#include <SQLiteCpp/Exception.h>
#include <algorithm>
#include <cstdint>
#include <string>

namespace coroom::detail::storage {
namespace {

constexpr int incremental = 2;              // a value of PRAGMA auto_vacuum
constexpr std::int64_t pages_a_step = 256;  // of 4 KiB; takes some milliseconds
constexpr std::int64_t reserve = 256;       // pages; without it, pages would come and go with each message
constexpr std::int64_t most_to_rewrite = 256LL << 20;  // bytes; takes some seconds

std::int64_t number(SQLite::Database& database, const char* pragma) {
  return database.execAndGet(std::string("PRAGMA ") + pragma).getInt64();
}

}  // namespace

bool cut_log(SQLite::Database& database) {
  const auto before = static_cast<int>(number(database, "busy_timeout"));
  database.setBusyTimeout(0);
  try {
    const bool is_busy = number(database, "wal_checkpoint(TRUNCATE)") != 0;
    database.setBusyTimeout(before);
    return !is_busy;
  } catch (...) {
    database.setBusyTimeout(before);
    throw;
  }
}

void let_give_back(SQLite::Database& database, bool is_new) {
  if (number(database, "auto_vacuum") == incremental) return;
  database.exec("PRAGMA auto_vacuum=INCREMENTAL");
  if (is_new) return;
  const std::int64_t used =
      (number(database, "page_count") - number(database, "freelist_count")) * number(database, "page_size");
  const std::string& file = database.getFilename();
  if (used > most_to_rewrite) {
    logging::warning("the database cannot shrink before it is rewritten: stop the server and run VACUUM",
                     {{"file", file}, {"bytes", used}});
    return;
  }
  try {
    database.exec("VACUUM");
  } catch (const SQLite::Exception& exception) {
    logging::warning("cannot rewrite the database to shrink it",
                     {{"file", file}, {"error", exception.what()}});
  }
}

bool give_back(SQLite::Database& database) {
  const std::int64_t spare = number(database, "freelist_count") - reserve;
  if (spare <= 0 || number(database, "auto_vacuum") != incremental) return false;
  database.exec("PRAGMA incremental_vacuum(" + std::to_string(std::min(spare, pages_a_step)) + ")");
  if (spare > pages_a_step) return true;
  cut_log(database);
  return false;
}

}  // namespace coroom::detail::storage
