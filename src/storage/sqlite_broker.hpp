#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/error.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// A broker whose histories are in an SQLite database, `coroom.db` in this folder: what it has taken survives
/// the process and the machine; that of rooms that are not durable is in memory. The folder is made if it is
/// not there, and belongs to one process at a time. An error names the file and what is wrong with it: not to
/// be written, in use, damaged, or of a newer version of ours. What is there is never replaced. The clock
/// outlives the broker.
Result<std::shared_ptr<Broker>> open_sqlite_broker(const std::filesystem::path& folder, const Clock& clock);

}  // namespace coroom::detail::storage
