#include "storage/sqlite_reader.hpp"

#include "storage/sqlite_statement.hpp"
#include "storage/sqlite_writer.hpp"
#include "storage/tags_json.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <limits>
#include <utility>

namespace coroom::detail::storage {
namespace {

constexpr const char* columns =
    "SELECT offset, time, kind, data, address, client, user, conn_info, chan_info, tags ";

// Reads everything from the first publication that has not expired. The clock may have been set back after
// it, and that must not cause gaps.
constexpr const char* kept =
    "FROM publications WHERE room=?1 AND offset>?4 AND offset<?5 AND offset>="
    "(SELECT offset FROM publications WHERE room=?1 AND offset>?2 AND time>=?3 ORDER BY offset LIMIT 1) ";

std::string bytes_of(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

Publication publication_of(SQLite::Statement& row) {
  auto client_info = std::make_shared<ClientInfo>(row.getColumn(4).getString());
  const SQLite::Column client = row.getColumn(5);
  if (client.getBytes() == static_cast<int>(client_info->client_id.size()))
    std::copy_n(static_cast<const std::uint8_t*>(client.getBlob()), client_info->client_id.size(),
                client_info->client_id.begin());
  client_info->user = row.getColumn(6).getString();
  client_info->conn_info = row.getColumn(7).getString();
  client_info->chan_info = row.getColumn(8).getString();
  Publication publication(static_cast<Publication::Kind>(row.getColumn(2).getInt()), std::move(client_info),
                          bytes_of(row.getColumn(3)));
  publication.offset = static_cast<std::uint64_t>(row.getColumn(0).getInt64());
  publication.time = Clock::TimePoint(std::chrono::microseconds(row.getColumn(1).getInt64()));
  if (const SQLite::Column tags = row.getColumn(9); !tags.isNull())
    publication.tags = tags_of_json(tags.getString());
  return publication;
}

/// SQLite's integers are signed.
std::int64_t clamped(std::uint64_t number) {
  return static_cast<std::int64_t>(
      std::min(number, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())));
}

}  // namespace

SqliteReader::SqliteReader(SQLite::Database database, std::filesystem::path file, const Clock& clock)
    : database_(std::move(database)),
      file_(std::move(file)),
      clock_(clock),
      find_room_(database_, "SELECT id, epoch, top FROM rooms WHERE name=?"),
      forwards_(database_, std::string(columns) + kept + "ORDER BY offset LIMIT ?6"),
      backwards_(database_, std::string(columns) + kept + "ORDER BY offset DESC LIMIT ?6") {}

void SqliteReader::answer(HistoryRead one) {
  if (!one.claim->begin()) return;
  Result<History> history;
  try {
    history = read(one);
  } catch (const std::exception& exception) {
    history = failure(Errc::storage_failed, file_.string() + ": " + exception.what());
  }
  one.complete(std::move(history));
}

History SqliteReader::read(const HistoryRead& read) {
  SQLite::Transaction snapshot(database_);  // the position and the publications must be of one state
  History history;
  if (!prepared(find_room_, read.room).executeStep()) {
    history.top.epoch = next_epoch(database_);
    return history;
  }
  const std::int64_t room = find_room_.getColumn(0).getInt64();
  history.top = Position(static_cast<std::uint64_t>(find_room_.getColumn(2).getInt64()),
                         find_room_.getColumn(1).getString());
  find_room_.tryReset();
  if (read.filter.limit != 0) history.publications = this->read(room, history.top.offset, read);
  return history;
}

std::vector<Publication> SqliteReader::read(std::int64_t room, std::uint64_t top, const HistoryRead& read) {
  const HistoryFilter& filter = read.filter;
  const std::uint64_t oldest = top > read.options.history_size ? top - read.options.history_size : 0;
  const std::uint64_t after = filter.reverse ? oldest : std::max(oldest, filter.since.value_or(0));
  const std::uint64_t before = filter.reverse ? std::min(filter.since.value_or(top + 1), top + 1) : top + 1;
  SQLite::Statement& query = prepared(filter.reverse ? backwards_ : forwards_, room, clamped(oldest),
                                      microseconds(clock_.now() - read.options.history_ttl), clamped(after),
                                      clamped(before), clamped(filter.limit));
  std::vector<Publication> publications;
  std::size_t bytes = 0;
  while (query.executeStep()) {
    for (const int column : {3, 7, 8, 9})
      bytes += static_cast<std::size_t>(query.getColumn(column).getBytes());
    if (bytes > filter.bytes && !publications.empty()) break;
    publications.push_back(publication_of(query));
  }
  query.tryReset();
  return publications;
}

}  // namespace coroom::detail::storage
