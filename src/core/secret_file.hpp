#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <string>

namespace coroom::detail {

/// Returns the secret that a file holds: one line of text (setting_value()), without a byte order mark and
/// line ends behind it. The error names the file, and shows nothing of the secret.
Result<std::string> read_secret(const std::filesystem::path& file);

}  // namespace coroom::detail
