#pragma once

#include "storage/file_identity.hpp"

#include <coroom/error.hpp>

#include <filesystem>
#include <memory>

namespace coroom::detail::storage {

/// Keeps a folder to one process, as long as it lives (flock(2): a process that was killed keeps nothing).
class FolderLock {
 public:
  /// Makes the folder if it is not there, for its owner alone.
  static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);

  /// The lock is worth nothing once its file has been deleted or replaced: then it is taken anew. An error:
  /// the folder is gone, or another process's.
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
