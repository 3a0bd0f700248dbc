#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/error.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// Opens a broker that stores histories in the SQLite database `coroom.db` in this folder. A stored
/// publication survives the end of the process and a loss of power. Histories of rooms that are not durable
/// stay in memory. The folder is created if it does not exist, and belongs to one process at a time. The
/// error names the file and the problem: not writable, in use, damaged, or made by a newer version. An
/// existing database is never replaced. The clock outlives the broker.
Result<std::shared_ptr<Broker>> open_sqlite_broker(const std::filesystem::path& folder, const Clock& clock);

}  // namespace coroom::detail::storage
