#pragma once

#include "room/wire_format.hpp"

#include <coroom/publication.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::room {

/// The publications of a room, encoded until sealed into one contiguous block for each wire format in use. So
/// a turn with M publications and N members costs M + N, not M × N. Pure.
class BlockWriter {
 public:
  struct Block {
    SharedWireFormat format;
    SharedBytes bytes;     // nullptr: out of memory for some of them
    std::size_t messages;  // number of messages in the block
  };

  /// These count the members with this wire format.
  void use(const SharedWireFormat& format);
  void release(const SharedWireFormat& format);

  /// Encodes a publication once for each wire format in use.
  void add(std::string_view room, const Publication& publication);

  /// Returns the bytes of the longest block.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Returns the non-empty blocks, and begins new ones.
  std::vector<Block> seal();

 private:
  struct Draft {
    SharedWireFormat format;
    std::uint32_t members = 1;
    std::uint32_t messages = 0;  // in the block
    std::string block = {};
    bool is_incomplete = false;
  };

  std::vector<Draft>::iterator find(const SharedWireFormat& format);

  std::vector<Draft> drafts_;
  std::size_t size_ = 0;
};

}  // namespace coroom::detail::room
