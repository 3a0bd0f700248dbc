#pragma once

#include "storage/file_identity.hpp"

#include <coroom/error.hpp>

#include <SQLiteCpp/Database.h>
#include <chrono>
#include <filesystem>
#include <span>

namespace coroom::detail::storage {

inline constexpr int patience = 5000;  // milliseconds to wait for a lock of another connection

/// The longest check for damage at a start. A gibibyte that is not in memory takes some 20 seconds. The limit
/// keeps a start from growing with the history; data beyond it is not checked.
inline constexpr std::chrono::milliseconds longest_check{3000};

/// The steps that create the tables of a database. The step at index N migrates from version N to the next.
using Migrations = std::span<const char* const>;

/// The tables of the histories, and of the moderators' restrictions. Each has a database of its own.
///@{
Migrations history_tables();
Migrations ruling_tables();
///@}

/// Opens a database for writing, and creates or migrates its tables. Committed data survives a loss of power.
/// Fails if the database is damaged or made by a newer version. Throws SQLite::Exception for other faults.
Result<SQLite::Database> open_for_writing(const std::filesystem::path& file, Migrations tables,
                                          std::chrono::milliseconds check = longest_check);

/// The files that hold the committed data of a database in WAL mode. Made after the database was opened for
/// writing.
class DatabaseFiles {
 public:
  explicit DatabaseFiles(const std::filesystem::path& file);

  /// Fails if data that is committed now would not be found under the database's name.
  [[nodiscard]] Result<> check();

 private:
  FileIdentity database_;
  FileIdentity log_;
};

/// Opens another connection that reads while the first one writes.
SQLite::Database open_for_reading(const std::filesystem::path& file);

}  // namespace coroom::detail::storage
