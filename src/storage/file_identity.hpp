#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <sys/types.h>

namespace coroom::detail::storage {

/// The identity of the file that a path named at one time. An open file continues to exist after it is
/// deleted, moved or replaced, but data written to it then is lost when the process ends.
class FileIdentity {
 public:
  /// The file may not exist yet; then the first check() that finds one records it.
  explicit FileIdentity(std::filesystem::path file);

  /// Fails if the path names no file any more, or another file.
  [[nodiscard]] Result<> check();

 private:
  enum class State { unknown, known };

  std::filesystem::path file_;
  State state_ = State::unknown;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace coroom::detail::storage
