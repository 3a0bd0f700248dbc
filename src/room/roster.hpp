#pragma once

#include "room/wire_format.hpp"

#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <vector>

namespace coroom::detail::room {

class Member;

/// The members of one room on one shard, by wire format. Must be used on that shard.
class Roster {
 public:
  void add(Member& member);
  void remove(const Member& member);

  /// Delivers one block to every member with this format; returns the number of those members.
  [[nodiscard]] std::size_t deliver(const SharedWireFormat& format, const SharedBytes& block) const;

  [[nodiscard]] std::size_t size() const;

 private:
  struct Group {
    SharedWireFormat format;
    std::vector<Member*> members;
  };

  template <class Groups>
  static auto find(Groups& groups, const SharedWireFormat& format);

  std::vector<Group> groups_;  // one for each format in use: a few
};

}  // namespace coroom::detail::room
