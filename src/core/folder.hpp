#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail {

/// Returns the absolute path of a folder. Its symbolic links stay unresolved, since they may change later.
/// Fails if it is not a readable folder; the error names it.
Result<std::filesystem::path> readable_folder(const std::filesystem::path& folder);

/// Returns the regular file to which `name` leads from `root`, a result of readable_folder(). Returns nullopt
/// if there is no such file, or if it is outside the root: by "..", by an absolute name or by a symbolic
/// link.
std::optional<std::filesystem::path> file_below(const std::filesystem::path& root, std::string_view name);

/// Returns whether a part of the path begins with a dot, as names of private files often do. "." and ".." do
/// not count, nor does ".well-known" as the first part (RFC 8615).
bool is_hidden(std::string_view name);

/// Returns the whole content of a file, or nullopt if it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& file);

}  // namespace coroom::detail
