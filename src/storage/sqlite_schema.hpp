#pragma once

#include "storage/file_identity.hpp"

#include <coroom/error.hpp>

#include <SQLiteCpp/Database.h>
#include <chrono>
#include <filesystem>
#include <span>

namespace coroom::detail::storage {

inline constexpr int patience = 5000;  // milliseconds for the other connection to end what it does

/// How long a start may take to look for damage. A gibibyte that is not in memory takes some 20 seconds, and
/// a start does not grow with the past: what is beyond is not looked at.
inline constexpr std::chrono::milliseconds longest_check{3000};

/// Statements that make the tables of a database. Each brings it from the version of its place to the next.
using Migrations = std::span<const char* const>;

/// Of the histories, and of the rulings of moderators: a database of its own each.
///@{
Migrations history_tables();
Migrations ruling_tables();
///@}

/// Opens the database for writing, made or brought to today's schema if need be, and durable: what was
/// committed survives a loss of power. Throws SQLite::Exception for what SQLite complains of; the error is
/// that it is damaged, or of a newer version of ours.
Result<SQLite::Database> open_for_writing(const std::filesystem::path& file, Migrations tables,
                                          std::chrono::milliseconds check = longest_check);

/// The files in which a database in WAL mode has what was committed. After it was opened for writing.
class DatabaseFiles {
 public:
  explicit DatabaseFiles(const std::filesystem::path& file);

  /// An error: what is committed now would not be found under its name.
  [[nodiscard]] Result<> check();

 private:
  FileIdentity database_;
  FileIdentity log_;
};

/// Opens it once more, to read beside the one who writes.
SQLite::Database open_for_reading(const std::filesystem::path& file);

}  // namespace coroom::detail::storage
