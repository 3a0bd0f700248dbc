#pragma once

#include "room/wire_format.hpp"

#include <coroom/publication.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::room {

/// The publications of a room, encoded until sealed into one contiguous block for each wire format in use. So
/// a turn with M publications and N members costs M + N, not M × N. Pure.
class BlockWriter {
 public:
  struct Block {
    WireFormat format;
    SharedBytes bytes;     // nullptr: out of memory for some of them
    std::size_t messages;  // number of messages in the block
  };

  /// These count the members with this wire format.
  void use(const WireFormat& format);
  void release(const WireFormat& format);

  /// Encodes a publication once for each wire format in use.
  void add(std::string_view room, const Publication& publication);

  /// Returns the bytes of the longest block.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Returns the non-empty blocks, and begins new ones.
  std::vector<Block> seal();

 private:
  struct Draft {
    WireFormat format;
    std::size_t members;
    std::string block;
    std::size_t messages = 0;
    bool is_incomplete = false;
  };

  std::vector<Draft> drafts_;
  std::size_t size_ = 0;
};

}  // namespace coroom::detail::room
