#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail {

/// The absolute path of a folder, with its symbolic links, which may be turned later; fails, and names it, if
/// it is none that can be read.
Result<std::filesystem::path> readable_folder(const std::filesystem::path& folder);

/// The regular file to which `name` leads from `root`, which comes from readable_folder(). nullopt: there is
/// none, or it lies outside of the root, be it by "..", by an absolute name or by a symbolic link.
std::optional<std::filesystem::path> file_below(const std::filesystem::path& root, std::string_view name);

/// Whether a part of it begins with a dot, as do names of what is seldom meant for everybody. "." and ".."
/// don't count, nor does ".well-known" as the first (RFC 8615).
bool is_hidden(std::string_view name);

/// All that is in a file; nullopt if it can't be read.
std::optional<std::string> read_file(const std::filesystem::path& file);

}  // namespace coroom::detail
