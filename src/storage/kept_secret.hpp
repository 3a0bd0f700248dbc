#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace coroom::detail::storage {

/// The secret that a file keeps, for its owner alone. Where there is no file, it keeps `fresh` from now on,
/// and through a loss of power. The folder is there, and nobody else's (FolderLock).
Result<std::string> keep_secret(const std::filesystem::path& file, std::string_view fresh);

}  // namespace coroom::detail::storage
