#include "storage/file_identity.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <tuple>
#include <utility>

namespace coroom::detail::storage {

FileIdentity::FileIdentity(std::filesystem::path file) : file_(std::move(file)) {
  std::ignore = check();
}

Result<> FileIdentity::check() {
  struct stat found{};
  if (::stat(file_.c_str(), &found) != 0) {
    if (errno == ENOENT)
      return failure(Errc::storage_failed, file_.string() + " has been deleted or moved while it was in use");
    return failure(Errc::storage_failed, file_.string() + ": " + std::strerror(errno));
  }
  if (std::exchange(state_, State::known) == State::unknown) {
    device_ = found.st_dev;
    inode_ = found.st_ino;
  }
  if (found.st_dev == device_ && found.st_ino == inode_) return {};
  return failure(Errc::storage_failed,
                 file_.string() + " has been replaced by another file while it was in use");
}

}  // namespace coroom::detail::storage
