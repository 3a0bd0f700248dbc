#pragma once

#include <coroom/clock.hpp>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>
#include <chrono>
#include <cstdint>

namespace coroom::detail::storage {

/// Returns a time in the unit of the databases.
inline std::int64_t microseconds(Clock::TimePoint time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// Binds the values of a prepared statement, from the first parameter on. Uses tryReset(), because after a
/// failed run reset() would report that failure again.
template <class... Values>
SQLite::Statement& prepared(SQLite::Statement& statement, const Values&... values) {
  statement.tryReset();
  SQLite::bind(statement, values...);
  return statement;
}

/// Runs a statement without result rows. Throws SQLite::Exception.
template <class... Values>
void run(SQLite::Statement& statement, const Values&... values) {
  prepared(statement, values...).exec();
  statement.tryReset();
}

}  // namespace coroom::detail::storage
