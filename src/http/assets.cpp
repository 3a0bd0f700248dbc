#include "core/folder.hpp"

#include <coroom/assets.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace coroom {
namespace fs = std::filesystem;

std::optional<Asset> AssetSource::find_compressed(std::string_view path, std::string_view ending) const {
  return find(std::string(path).append(ending));
}

std::optional<Asset> EmbeddedAssets::find(std::string_view path) const {
  const auto found = std::ranges::find(files_, path, &EmbeddedFile::path);
  if (found == files_.end()) return std::nullopt;
  return Asset{found->bytes, '"' + std::string(found->hash) + '"'};
}

Result<fs::path> FolderAssets::check(const fs::path& folder) {
  return readable_folder(folder);
}

std::optional<Asset> FolderAssets::find(std::string_view path) const {
  const auto file = file_below(root_, path.substr(1));
  if (!file) return std::nullopt;
  std::error_code ec;
  const auto written = fs::last_write_time(*file, ec).time_since_epoch();
  auto bytes = read_file(*file);
  if (ec || !bytes) return std::nullopt;
  std::string etag = '"' + std::to_string(std::chrono::nanoseconds(written).count()) + '-' +
                     std::to_string(bytes->size()) + '"';
  return Asset{share(std::move(*bytes)), std::move(etag)};
}

std::optional<Asset> FolderAssets::find_compressed(std::string_view path, std::string_view ending) const {
  const std::string compressed_path = std::string(path).append(ending);
  const auto plain = file_below(root_, path.substr(1));
  const auto compressed = file_below(root_, std::string_view(compressed_path).substr(1));
  if (!plain || !compressed) return std::nullopt;
  std::error_code ec;
  const auto plain_written = fs::last_write_time(*plain, ec);
  if (ec || fs::last_write_time(*compressed, ec) < plain_written || ec) return std::nullopt;
  return find(compressed_path);
}

}  // namespace coroom
