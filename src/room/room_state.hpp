#pragma once

#include <coroom/clock.hpp>
#include <coroom/publication.hpp>

#include <cstddef>
#include <optional>

namespace coroom::detail::room {

/// What a room decides, apart from delivering it: who is told what about whom. Pure: events in, publications
/// out.
class RoomState {
 public:
  /// A room with more members than the limit no longer announces who enters and leaves: telling n members
  /// about n others costs n² lines. 0 never announces.
  explicit RoomState(std::size_t announce_limit) : announce_limit_(announce_limit) {}

  /// Somebody came in. Everybody is told, the newcomer too; but not of one of whom nothing is known.
  std::optional<Publication> join(SharedClientInfo who, Clock::TimePoint now);

  /// Somebody went. Those who stay are told.
  std::optional<Publication> leave(SharedClientInfo who, Clock::TimePoint now);

  [[nodiscard]] std::size_t members() const { return members_; }

 private:
  [[nodiscard]] std::optional<Publication> announce(Publication::Kind kind, SharedClientInfo who,
                                                    std::size_t size, Clock::TimePoint now) const;

  std::size_t announce_limit_;
  std::size_t members_ = 0;
};

}  // namespace coroom::detail::room
