#pragma once

#include "storage/claim.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coroom::detail::storage {

/// A read of a history. `complete` is called once, on the reader's thread, unless the read was withdrawn.
struct HistoryRead {
  std::string room;
  HistoryFilter filter;
  RoomOptions options;
  std::shared_ptr<Claim> claim;
  std::function<void(Result<History>)> complete;
};

/// Reads histories while another connection writes. Belongs to one thread.
class SqliteReader {
 public:
  /// Throws SQLite::Exception.
  SqliteReader(SQLite::Database database, std::filesystem::path file, const Clock& clock);

  void answer(HistoryRead one);

 private:
  History read(const HistoryRead& read);
  std::vector<Publication> read(std::int64_t room, std::uint64_t top, const HistoryRead& read);

  SQLite::Database database_;
  std::filesystem::path file_;
  const Clock& clock_;
  SQLite::Statement find_room_;
  SQLite::Statement forwards_;
  SQLite::Statement backwards_;
};

}  // namespace coroom::detail::storage
