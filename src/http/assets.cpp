#include "core/folder.hpp"

#include <coroom/assets.hpp>

#include <algorithm>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace coroom {
namespace fs = std::filesystem;

namespace {

std::optional<fs::path> visible_file(const fs::path& root, std::string_view path) {
  const std::string_view name = path.substr(1);
  return is_hidden(name) ? std::nullopt : file_below(root, name);
}

/// Files of two releases may have the same size and time, as some tools set all times alike.
std::string etag_of(const struct stat& file) {
  return '"' + std::to_string(file.st_ino) + '-' + std::to_string(file.st_mtim.tv_sec) + '.' +
         std::to_string(file.st_mtim.tv_nsec) + '-' + std::to_string(file.st_size) + '"';
}

}  // namespace

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
  const auto file = visible_file(root_, path);
  if (!file) return std::nullopt;
  // Before it is read: what changes meanwhile is read anew the next time.
  struct stat version{};
  if (::stat(file->c_str(), &version) != 0) return std::nullopt;
  std::string etag = etag_of(version);
  if (SharedBytes bytes = held(file->native(), etag)) return Asset{std::move(bytes), std::move(etag)};
  auto text = read_file(*file);
  if (!text) return std::nullopt;
  version.st_size = static_cast<off_t>(text->size());
  etag = etag_of(version);
  SharedBytes bytes = share(std::move(*text));
  remember(file->native(), etag, bytes);
  return Asset{std::move(bytes), std::move(etag)};
}

std::optional<Asset> FolderAssets::find_compressed(std::string_view path, std::string_view ending) const {
  const std::string compressed_path = std::string(path).append(ending);
  const auto plain = visible_file(root_, path);
  const auto compressed = visible_file(root_, compressed_path);
  if (!plain || !compressed) return std::nullopt;
  std::error_code ec;
  const auto plain_written = fs::last_write_time(*plain, ec);
  if (ec || fs::last_write_time(*compressed, ec) < plain_written || ec) return std::nullopt;
  return find(compressed_path);
}

SharedBytes FolderAssets::held(const std::string& file, const std::string& etag) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = versions_.find(file);
  return found != versions_.end() && found->second.etag == etag ? found->second.bytes.lock() : nullptr;
}

void FolderAssets::remember(const std::string& file, const std::string& etag,
                            const SharedBytes& bytes) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(versions_, [](const auto& entry) { return entry.second.bytes.expired(); });
  versions_.insert_or_assign(file, Version{etag, bytes});
}

}  // namespace coroom
