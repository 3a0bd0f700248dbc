#pragma once

#include "core/async_event.hpp"
#include "limits/address_quota.hpp"
#include "net/shard.hpp"
#include "room/room_event.hpp"
#include "room/room_hold.hpp"
#include "room/wire_format.hpp"

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/member_visibility.hpp>
#include <coroom/publication.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace coroom::detail::room {

/// A connection's membership in one room, from the join to the leave. The connection's handle owns it
/// together with the room's pending events. Belongs to the connection's shard; any thread may read the
/// constants. Derived classes send to the client.
class Member {
 public:
  /// The constants of a member.
  struct Profile {
    net::Shard& home;  ///< of the connection
    SharedWireFormat format;
    SharedClientInfo client_info;
    std::shared_ptr<limits::AddressQuota> quota = nullptr;  ///< of the client's address; nullptr: no quota
    MemberVisibility visibility = {};
  };

  /// `paused`: deliveries wait for resume().
  Member(Profile profile, bool paused);

  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  virtual ~Member() = default;

  /// Begins to join the room, and completes when the room has admitted the member. Called once.
  /// Errors: Errc::stopped; Errc::failed if there is no memory.
  [[nodiscard]] task<Result<>> join(RoomHold room);

  /// Ends the membership or the pending join. Nothing is delivered afterwards, and the connection may end.
  /// The other members are notified in the room's order.
  void leave();

  /// Receives encoded publications in the room's order; nullptr: memory ran out for some. Called during an
  /// iteration over the roster: must not wait, and must not join or leave a room. Closes the connection if
  /// memory runs out: the member loses no publication unnoticed, and other members are not affected.
  void deliver(const SharedBytes& block);

  /// Sends the publications that waited, and further ones at once.
  void resume();

  /// Called once, when the room has admitted the member. `top` is the position of the room's history at that
  /// time; nullopt if it has no history or the broker could not read it.
  void admitted(const std::optional<Position>& top);

  /// Called when the room failed to admit the member. Does nothing after admitted().
  void refused();

  /// Sets the client info to that of the member, if there is none.
  void sign(Publication& publication) const {
    if (!publication.client_info) publication.client_info = profile_.client_info;
  }

  /// Returns the room's position at the join; publications with greater offsets are delivered. nullptr: none.
  [[nodiscard]] const Position* position() const { return position_.get(); }

  /// Returns the room; nullptr before join().
  [[nodiscard]] const RoomHold& room() const { return room_; }

  [[nodiscard]] net::Shard& home() const { return profile_.home; }
  [[nodiscard]] const SharedWireFormat& format() const { return profile_.format; }
  [[nodiscard]] const SharedClientInfo& client_info() const { return profile_.client_info; }
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return profile_.quota; }
  [[nodiscard]] MemberVisibility visibility() const { return profile_.visibility; }

 private:
  friend class Roster;
  friend void intrusive_ptr_add_ref(const Member* member) noexcept;
  friend void intrusive_ptr_release(const Member* member) noexcept;

  enum class State : std::uint8_t { joining, member, left, refused };

  /// The publications that wait for resume().
  struct Held {
    std::vector<SharedBytes> blocks;
    std::size_t bytes = 0;
  };

  /// Sends a block to the client.
  virtual void push(const SharedBytes& block) = 0;

  /// Called when the held publications exceed the limit, or memory runs out.
  virtual void overflow() = 0;

  /// Called when the bytes held back change by this number.
  virtual void note_held(std::ptrdiff_t /*bytes*/) {}

  void hold(const SharedBytes& block);
  void release_held();
  task<Result<>> wait_for_admission(RoomHold room, RoomEvent join, bool is_sent);
  void notify_room_of_leaving();

  mutable std::atomic<std::uint32_t> owners_{0};
  State state_ = State::joining;
  std::uint32_t roster_index_ = 0;  // kept up to date by the roster
  const Profile profile_;
  RoomHold room_;
  AsyncEvent* waiting_ = nullptr;  // of join()
  std::unique_ptr<const Position> position_;
  std::unique_ptr<Held> held_;  // exists while the member is paused
};

}  // namespace coroom::detail::room
