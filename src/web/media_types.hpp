#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coroom::detail::web {

/// Maps the suffixes of file names to media types. Any thread may use it.
class MediaTypes {
 public:
  /// Reads a table in the format of `/etc/mime.types`. Adds some types that the web needs, which a missing or
  /// old table lacks.
  explicit MediaTypes(const std::filesystem::path& table);

  /// Returns the media type of a file by its name; the case of the suffix does not matter. Text types include
  /// the charset, which is UTF-8. Returns application/octet-stream for an unknown suffix.
  [[nodiscard]] std::string of(std::string_view path) const;

  /// Returns the types of this machine, which are read once.
  static const MediaTypes& of_this_machine();

 private:
  std::map<std::string, std::string, std::less<>> types_;  // by the suffix, in lower case and without a dot
};

/// Returns whether browsers show a file of this type as a document and run its scripts.
bool is_document(std::string_view type);

}  // namespace coroom::detail::web
