#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <string>

namespace coroom::detail {

/// Returns the secret in a file: one line of text (setting_value()), without a byte order mark and without
/// line ends after it. The error names the file and shows no part of the secret.
Result<std::string> read_secret(const std::filesystem::path& file);

}  // namespace coroom::detail
