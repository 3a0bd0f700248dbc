#include "core/folder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

namespace coroom::detail {
namespace fs = std::filesystem;

Result<fs::path> readable_folder(const fs::path& folder) {
  std::error_code ec;
  fs::path root = fs::absolute(folder, ec);
  if (!ec) {
    const fs::directory_iterator readable(root, ec);
  }
  if (ec) return failure("cannot read the folder " + folder.string() + ": " + ec.message());
  return root;
}

std::optional<fs::path> file_below(const fs::path& root, std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return std::nullopt;
  std::error_code ec;
  // canonical() resolves every symbolic link, so a result below the root is a file inside it. The root is
  // resolved on each call, because a link to the newest release may change while the server runs.
  const fs::path place = fs::canonical(root, ec);
  if (ec) return std::nullopt;
  fs::path file = fs::canonical(place / name, ec);
  if (ec || !fs::is_regular_file(file, ec) || ec) return std::nullopt;
  const auto [place_end, unused] = std::ranges::mismatch(place, file);
  if (place_end != place.end()) return std::nullopt;
  return file;
}

bool is_hidden(std::string_view name) {
  const fs::path path(name);
  auto first = path.begin();
  if (first != path.end() && *first == ".well-known") ++first;
  return std::any_of(first, path.end(), [](const fs::path& part) {
    return part.native().starts_with('.') && part != "." && part != "..";
  });
}

std::optional<std::string> read_file(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return std::nullopt;
  std::string text;
  std::array<char, 16 * 1024> chunk{};
  while (input) {
    input.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(input.gcount()));
  }
  if (input.bad()) return std::nullopt;  // such as a folder, which can be opened but not read
  return text;
}

}  // namespace coroom::detail
