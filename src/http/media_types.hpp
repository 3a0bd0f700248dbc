#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coroom::detail::http {

/// The media types of files by the endings of their names. Any thread may use it.
class MediaTypes {
 public:
  /// As a table of the system has them, in the form of `/etc/mime.types`, and some that the web needs where
  /// there is no such file.
  explicit MediaTypes(const std::filesystem::path& table);

  /// For a file of this name, whatever the case of its ending: of text with its charset, which is UTF-8.
  /// application/octet-stream for what is not known.
  [[nodiscard]] std::string of(std::string_view path) const;

  /// Those of this machine, read once.
  static const MediaTypes& of_this_machine();

 private:
  std::map<std::string, std::string, std::less<>> types_;  // by the ending, in lower case and without a dot
};

/// Whether a browser shows a file of this type as a document, whose scripts run.
bool is_document(std::string_view type);

}  // namespace coroom::detail::http
