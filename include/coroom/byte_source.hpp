#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace coroom {

/// A file that is too large to be held in memory and is read in pieces. An AssetSource creates it. Any thread
/// may use it, and several at once.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Returns the size of the file in bytes.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// Returns `length` bytes from `offset` on. It may block: the library calls it on a thread that serves no
  /// connections.
  ///
  /// Errors: the file cannot be read, or has fewer bytes.
  [[nodiscard]] virtual Result<std::string> read(std::uint64_t offset, std::size_t length) const = 0;
};

}  // namespace coroom
