#include "core/folder.hpp"

#include <coroom/assets.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace coroom {
namespace fs = std::filesystem;

namespace {

constexpr off_t most_held = 1024 * 1024;  // bytes of the largest file that is kept in memory as a whole

/// An open regular file. Readers see later writes to it; a read fails if the file has become shorter.
class OpenFile final : public ByteSource {
 public:
  /// Takes ownership of the descriptor.
  OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() override { ::close(descriptor_); }

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t length) const override {
    std::string bytes(length, '\0');
    for (std::size_t done = 0; done != length;) {
      const ssize_t got =
          ::pread(descriptor_, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure("cannot read the file: " + std::system_category().message(errno));
      if (got == 0) return failure("the file was truncated while it was sent");
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }

 private:
  int descriptor_;
  std::uint64_t size_;
};

std::optional<fs::path> visible_file(const fs::path& root, std::string_view path) {
  const std::string_view name = path.substr(1);
  return detail::is_hidden(name) ? std::nullopt : detail::file_below(root, name);
}

/// Includes the inode: files of two releases may have equal sizes and times, since some tools set all times
/// alike.
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
  return detail::readable_folder(folder);
}

std::optional<Asset> FolderAssets::find(std::string_view path) const {
  const auto file = visible_file(root_, path);
  if (!file) return std::nullopt;
  const auto modified = [](const struct stat& of) { return std::optional(of.st_mtim.tv_sec); };
  // Must precede the read: a file that changes in between then gets another ETag at the next call.
  struct stat version{};
  if (::stat(file->c_str(), &version) != 0) return std::nullopt;
  std::string etag = etag_of(version);
  if (SharedBytes bytes = held(file->native(), etag))
    return Asset{std::move(bytes), std::move(etag), modified(version)};
  if (version.st_size > most_held) {
    const int descriptor = ::open(file->c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    if (::fstat(descriptor, &version) != 0) {
      ::close(descriptor);
      return std::nullopt;
    }
    return Asset{std::make_shared<const OpenFile>(descriptor, static_cast<std::uint64_t>(version.st_size)),
                 etag_of(version), modified(version)};
  }
  auto text = detail::read_file(*file);
  if (!text) return std::nullopt;
  version.st_size = static_cast<off_t>(text->size());
  etag = etag_of(version);
  SharedBytes bytes = share(std::move(*text));
  remember(file->native(), etag, bytes);
  return Asset{std::move(bytes), std::move(etag), modified(version)};
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
