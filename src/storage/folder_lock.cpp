#include "storage/folder_lock.hpp"

#include <coroom/log.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace coroom::detail::storage {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const fs::path& path) {
  return failure(Errc::storage_failed, path.string() + ": " + std::strerror(errno));
}

/// Creates a folder, and the folders above it, if it does not exist. To survive a loss of power each new
/// entry needs a sync of the folder that contains it.
Result<> make(const fs::path& folder) {
  std::error_code ec;
  if (fs::exists(folder, ec)) return {};
  const fs::path above = folder.parent_path();
  if (auto made = make(above); !made) return made;
  if (::mkdir(folder.c_str(), S_IRWXU) != 0) return failed(folder);
  const int descriptor = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return {};  // no permission to read it: this is as durable as possible
  Result<> synced;
  if (::fsync(descriptor) != 0) synced = failed(above);
  ::close(descriptor);
  return synced;
}

/// Returns the folder as an absolute path, so that parent_path() leads to each folder above it.
fs::path whole(const fs::path& folder) {
  std::error_code ec;
  const fs::path normal = fs::absolute(folder, ec).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

constexpr const char* lock_file = "coroom.lock";

}  // namespace

FolderLock::FolderLock(std::filesystem::path folder, int descriptor)
    : folder_(std::move(folder)), descriptor_(descriptor), file_(folder_ / lock_file) {}

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  if (auto made = make(whole(folder)); !made) return tl::unexpected(made.error());
  const fs::path file = folder / lock_file;
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(file);
  std::unique_ptr<FolderLock> lock(new FolderLock(folder, descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return failed(file);
  return failure(Errc::storage_failed, folder.string() + " is in use by another process");
}

Result<> FolderLock::renew() {
  auto there = file_.check();
  if (there) return {};
  std::error_code ec;
  if (!fs::is_directory(folder_, ec)) return there;
  auto renewed = take(folder_);
  if (!renewed) return tl::unexpected(renewed.error());
  logging::warning("the lock of the folder was acquired again", {{"cause", there.error().message}});
  std::swap(descriptor_, (*renewed)->descriptor_);
  std::swap(file_, (*renewed)->file_);
  return {};
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

}  // namespace coroom::detail::storage
