#pragma once

namespace coroom {

/// The ways in which other members learn of a membership, where the options of the room provide them.
struct MemberVisibility {
  bool presence = true;    ///< the member is in the list of members
  bool join_leave = true;  ///< its join and its leave are announced

  bool operator==(const MemberVisibility&) const = default;
};

}  // namespace coroom
