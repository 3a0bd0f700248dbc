#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace coroom::detail::storage {

/// Returns the secret in a file that only its owner may read. If the file does not exist, stores `fresh` in
/// it so that it survives a loss of power. The folder must exist and be locked by this process (FolderLock).
Result<std::string> keep_secret(const std::filesystem::path& file, std::string_view fresh);

}  // namespace coroom::detail::storage
