#pragma once

#include <coroom/error.hpp>

#include <SQLiteCpp/Database.h>
#include <filesystem>

namespace coroom::storage {

/// Opens the database for writing, made or brought to today's schema if need be, and durable: what was
/// committed survives a loss of power. Throws SQLite::Exception for what SQLite complains of; the error is
/// that it is damaged, or of a newer version of ours.
Result<SQLite::Database> open_for_writing(const std::filesystem::path& file);

/// Opens it once more, to read beside the one who writes.
SQLite::Database open_for_reading(const std::filesystem::path& file);

}  // namespace coroom::storage
