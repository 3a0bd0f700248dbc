#pragma once

#include <coroom/clock.hpp>
#include <coroom/error.hpp>
#include <coroom/moderation_store.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// Opens a store of moderators' restrictions in the SQLite database `moderation.db`. The caller holds the
/// lock of the folder (FolderLock). A restriction survives the end of the process and a loss of power once
/// its completion has reported success. The error names the file and the problem, like that of
/// open_sqlite_broker(). The clock outlives the store.
Result<std::shared_ptr<ModerationStore>> open_sqlite_restrictions(const std::filesystem::path& folder,
                                                                  const Clock& clock);

}  // namespace coroom::detail::storage
