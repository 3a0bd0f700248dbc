#pragma once

#include <coroom/error.hpp>

#include <filesystem>
#include <sys/types.h>

namespace coroom::detail::storage {

/// Which file a path named at one time. A file that is held open goes on to exist when it is deleted, moved
/// or replaced, so what is written to it then would be lost with the process.
class FileIdentity {
 public:
  /// The file need not be there yet; then the first check() that finds one takes it.
  explicit FileIdentity(std::filesystem::path file);

  /// An error: the path names no file any more, or another one.
  [[nodiscard]] Result<> check();

 private:
  enum class State { unknown, known };

  std::filesystem::path file_;
  State state_ = State::unknown;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace coroom::detail::storage
