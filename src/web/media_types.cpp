#include "web/media_types.hpp"

#include "core/grammar.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace coroom::detail::web {
namespace {

using Type = std::pair<const char*, const char*>;

// For files that programs commonly serve, if the system's table lacks them.
constexpr std::array<Type, 17> known{{{"html", "text/html"},
                                      {"css", "text/css"},
                                      {"js", "text/javascript"},
                                      {"mjs", "text/javascript"},
                                      {"json", "application/json"},
                                      {"map", "application/json"},  // of source maps; no table has it
                                      {"webmanifest", "application/manifest+json"},
                                      {"txt", "text/plain"},
                                      {"svg", "image/svg+xml"},
                                      {"png", "image/png"},
                                      {"jpg", "image/jpeg"},
                                      {"jpeg", "image/jpeg"},
                                      {"gif", "image/gif"},
                                      {"webp", "image/webp"},
                                      {"ico", "image/vnd.microsoft.icon"},
                                      {"woff2", "font/woff2"},
                                      {"wasm", "application/wasm"}}};

}  // namespace

MediaTypes::MediaTypes(const std::filesystem::path& table) {
  std::ifstream file(table);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string type;
    words >> type;
    for (std::string ending; words >> ending;) types_.try_emplace(detail::lower_case(ending), type);
  }
  for (const auto& [ending, type] : known) types_.try_emplace(ending, type);
}

std::string MediaTypes::of(std::string_view path) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  const auto found =
      dot == std::string_view::npos ? types_.end() : types_.find(detail::lower_case(name.substr(dot + 1)));
  if (found == types_.end()) return "application/octet-stream";
  return found->second.starts_with("text/") ? found->second + "; charset=utf-8" : found->second;
}

const MediaTypes& MediaTypes::of_this_machine() {
  static const MediaTypes types("/etc/mime.types");
  return types;
}

bool is_document(std::string_view type) {
  type = type.substr(0, type.find(';'));
  return type == "text/html" || type == "text/xml" || type == "application/xml" || type.ends_with("+xml");
}

}  // namespace coroom::detail::web
