#pragma once

#include "room/wire_format.hpp"

#include <coroom/publication.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::room {

/// Collects what a room has to say until it is sealed: one contiguous block for every encoding in use, so
/// that a turn with M publications and N members costs M + N and not M × N. Pure.
class BlockWriter {
 public:
  struct Block {
    WireFormat format;
    SharedBytes bytes;     // nullptr: there was no memory for all of them
    std::size_t messages;  // that are in it
  };

  /// A member who reads this encoding came, or went.
  void use(const WireFormat& format);
  void release(const WireFormat& format);

  /// Encodes what happened in a room once for every encoding in use.
  void add(std::string_view room, const Publication& publication);

  /// Bytes of the longest block so far.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The blocks that hold something; collecting begins anew.
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
