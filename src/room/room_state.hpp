#pragma once

#include <coroom/publication.hpp>

#include <cstddef>
#include <optional>

namespace coroom::detail::room {

/// The member count of a room, and its announcements of joins and leaves. Pure: takes events, returns
/// publications.
class RoomState {
 public:
  /// `announce_limit`: a room with more members announces no joins and leaves, since announcing n members to
  /// n others costs n² lines. 0: never announces.
  explicit RoomState(std::size_t announce_limit) : announce_limit_(announce_limit) {}

  /// Counts a new member. Returns the announcement, without a time, for all members, the new one included;
  /// nullopt if nothing is known about the client, or above the limit.
  std::optional<Publication> join(SharedClientInfo who);

  /// Counts a leave. Returns the announcement for the remaining members; nullopt as above.
  std::optional<Publication> leave(SharedClientInfo who);

  [[nodiscard]] std::size_t members() const { return members_; }

 private:
  [[nodiscard]] std::optional<Publication> announce(Publication::Kind kind, SharedClientInfo who,
                                                    std::size_t size) const;

  std::size_t announce_limit_;
  std::size_t members_ = 0;
};

}  // namespace coroom::detail::room
