#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <memory>

namespace coroom::storage {

/// Keeps a folder to one process, as long as it lives (flock(2): a process that was killed keeps nothing).
class FolderLock {
 public:
  /// Makes the folder if it is not there, for its owner alone.
  static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);

  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace coroom::storage
