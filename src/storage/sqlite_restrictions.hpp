#pragma once

#include <coroom/clock.hpp>
#include <coroom/error.hpp>
#include <coroom/moderation_store.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// Keeps rulings in an SQLite database, `moderation.db` in this folder, of which somebody has the lock
/// (FolderLock). What it has told to be kept survives the process and the machine. An error names the file
/// and what is wrong with it, as that of open_sqlite_broker() does. The clock outlives the store.
Result<std::shared_ptr<ModerationStore>> open_sqlite_restrictions(const std::filesystem::path& folder,
                                                                  const Clock& clock);

}  // namespace coroom::detail::storage
