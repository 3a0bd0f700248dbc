#include "storage/kept_secret.hpp"

#include "core/secret_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const fs::path& path) {
  return failure(Errc::storage_failed, path.string() + ": " + std::strerror(errno));
}

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int operator*() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

Result<> write_new(const fs::path& file, std::string_view text) {
  // O_EXCL: an existing file is never overwritten, and a link is never followed.
  const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!descriptor) return failed(file);
  while (!text.empty()) {
    const ssize_t written = ::write(*descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(file);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(*descriptor) != 0) return failed(file);
  return {};
}

Result<> sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor || ::fsync(*descriptor) != 0) return failed(folder);
  return {};
}

}  // namespace

Result<std::string> keep_secret(const fs::path& file, std::string_view fresh) {
  std::error_code ec;
  if (fs::exists(fs::symlink_status(file, ec))) return detail::read_secret(file);
  // The secret is written under another name first, because a file with half a secret is worse than none.
  const fs::path unfinished = file.string() + ".new";
  fs::remove(unfinished, ec);
  if (auto written = write_new(unfinished, std::string(fresh) + "\n"); !written)
    return tl::unexpected(written.error());
  if (::rename(unfinished.c_str(), file.c_str()) != 0) return failed(file);
  if (auto synced = sync_folder(file.parent_path()); !synced) return tl::unexpected(synced.error());
  return std::string(fresh);
}

}  // namespace coroom::detail::storage
