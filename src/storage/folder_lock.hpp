#pragma once

#include "storage/file_identity.hpp"

#include <coroom/error.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// An exclusive lock of a folder for this process. It ends with the process, even if that is killed
/// (flock(2)).
class FolderLock {
 public:
  /// Creates the folder for its owner alone if it does not exist, and locks it.
  static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);

  /// Locks the folder again if the lock file has been deleted or replaced. Fails if the folder is gone, or
  /// locked by another process.
  [[nodiscard]] Result<> renew();

  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  FolderLock(std::filesystem::path folder, int descriptor);

  std::filesystem::path folder_;
  int descriptor_;
  FileIdentity file_;
};

}  // namespace coroom::detail::storage
