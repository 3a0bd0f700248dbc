#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <functional>
#include <string_view>

namespace coroom::detail::storage {

/// Calls back with the name of each room that has a history in this folder (open_sqlite_broker).
Result<> for_each_kept_room(const std::filesystem::path& folder,
                            const std::function<void(std::string_view name)>& call);

}  // namespace coroom::detail::storage
