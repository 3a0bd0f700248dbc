#pragma once

#include <coroom/clock.hpp>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>
#include <chrono>
#include <cstdint>

namespace coroom::detail::storage {

/// As the databases have it.
inline std::int64_t microseconds(Clock::TimePoint time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// Gives a prepared statement its values, from the first on, whatever became of it the last time: one that
/// failed would fail again when it is reset in the ordinary way.
template <class... Values>
SQLite::Statement& prepared(SQLite::Statement& statement, const Values&... values) {
  statement.tryReset();
  SQLite::bind(statement, values...);
  return statement;
}

/// Runs one that gives no rows. Throws SQLite::Exception.
template <class... Values>
void run(SQLite::Statement& statement, const Values&... values) {
  prepared(statement, values...).exec();
  statement.tryReset();
}

}  // namespace coroom::detail::storage
