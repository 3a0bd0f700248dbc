#include <coroom/assets.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace coroom {
namespace fs = std::filesystem;

std::optional<Asset> EmbeddedAssets::find(std::string_view path) const {
  const auto found = std::ranges::find(files_, path, &EmbeddedFile::path);
  if (found == files_.end()) return std::nullopt;
  return Asset{found->bytes, '"' + std::string(found->hash) + '"'};
}

Result<fs::path> FolderAssets::check(const fs::path& folder) {
  std::error_code ec;
  fs::path root = fs::canonical(folder, ec);
  if (!ec) {
    const fs::directory_iterator readable(root, ec);
  }
  if (ec) return failure("cannot serve the folder " + folder.string() + ": " + ec.message());
  return root;
}

std::optional<Asset> FolderAssets::find(std::string_view path) const {
  if (path.find('\0') != std::string_view::npos) return std::nullopt;
  std::error_code ec;
  // canonical() follows every link, so what remains below the root afterwards really lies there.
  const fs::path file = fs::canonical(root_ / path.substr(1), ec);
  if (ec || !fs::is_regular_file(file, ec) || ec) return std::nullopt;
  const auto [root_end, unused] = std::ranges::mismatch(root_, file);
  if (root_end != root_.end()) return std::nullopt;

  const auto written = fs::last_write_time(file, ec).time_since_epoch();
  std::ifstream input(file, std::ios::binary);
  if (ec || !input) return std::nullopt;
  std::string bytes((std::istreambuf_iterator<char>(input)), std::istreambuf_iterator<char>());
  std::string etag = '"' + std::to_string(std::chrono::nanoseconds(written).count()) + '-' +
                     std::to_string(bytes.size()) + '"';
  return Asset{share(std::move(bytes)), std::move(etag)};
}

}  // namespace coroom
