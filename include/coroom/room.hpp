#pragma once

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/member_visibility.hpp>
#include <coroom/message.hpp>
#include <coroom/presence.hpp>
#include <coroom/publication.hpp>
#include <coroom/room_options.hpp>
#include <coroom/task.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace coroom {

class ConnectionHandler;
namespace detail::application {
struct RoomAccess;
}
namespace detail::limits {
class AddressQuota;
}
namespace detail::room {
class Hub;
class Member;
}  // namespace detail::room

/// Settings of one membership.
struct JoinOptions {
  SharedClientInfo client_info =
      {};  ///< shown to other members; nullptr: the member joins and leaves unannounced
  std::shared_ptr<const Encoder> encoder = {};  ///< of the member's publications; nullptr: messages as they
                                                ///< are, without joins and leaves
  bool paused = false;  ///< deliveries wait for Membership::resume(); beyond 1 MiB of them the connection is
                        ///< closed with 3008
  MemberVisibility visibility = {};
};

/// A handler's membership in a room (Room::join()). It ends when it is destroyed, or by leave(). Used on the
/// handler's thread alone, and destroyed before the handler. A task that it returns may outlive it.
///
/// A default-constructed membership is of no room.
class [[nodiscard]] Membership {
 public:
  Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;
  Membership(Membership&&) noexcept;
  Membership& operator=(Membership&&) noexcept;
  ~Membership();

  /// Returns whether it is a membership in a room.
  explicit operator bool() const { return member_ != nullptr; }

  /// Publishes to the room in the member's name, as Room::publish() does. The quota of the member's address
  /// is charged: a member that is over a rate waits up to a second.
  /// Errors: those of Room::publish(); Errc::too_fast, and Errc::closed for a membership of no room.
  ///@{
  [[nodiscard]] task<Result<Position>> publish(Message message);
  [[nodiscard]] task<Result<Position>> publish(Publication publication);
  ///@}

  /// Publishes without waiting, as Room::post() does.
  ///@{
  Result<> post(Message message);
  Result<> post(Publication publication);
  ///@}

  /// Returns the position of the room's history when the member joined: publications with a greater offset
  /// are delivered to it, and no others. nullopt: the room has no history, or it can't be read now.
  [[nodiscard]] std::optional<Position> position() const;

  /// Delivers the publications that waited (JoinOptions::paused), and further ones at once.
  void resume();

  /// Ends the membership: nothing is delivered after it.
  void leave();

 private:
  friend struct detail::application::RoomAccess;

  /// Leaves the room.
  struct LeaveRoom {
    void operator()(detail::room::Member* member) const;
  };

  explicit Membership(detail::room::Member* member);

  std::unique_ptr<detail::room::Member, LeaveRoom> member_;
};

/// A handle of a room (Application::room()). A room delivers each publication to all its members, on whatever
/// threads they are, in one order, and encodes it once. It exists while it has a member; its history stays.
///
/// A handle is cheap to copy and may outlive the application. Any thread may use it, and coroutines of any
/// executor. A task that it returns has copies of all it needs, so
/// `co_spawn(context, application.room("tea").publish("hello"), detached)` is right.
///
/// Before the application serves and after it has stopped, calls that return a Result return an error at
/// once: Errc::not_open or Errc::stopped.
class Room {
 public:
  /// Returns the same room, whose reads and publications are charged to the quota of `user`'s address. Called
  /// in the user's own calls, from open() to the end of the connection; else throws std::logic_error.
  [[nodiscard]] Room used_by(ConnectionHandler& user) const;

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Returns the options of the room (Settings::room_options).
  [[nodiscard]] RoomOptions options() const;

  /// Returns whether the room exists or may be opened: false where ResourceLimits::max_rooms is reached.
  [[nodiscard]] bool is_available() const;

  /// Makes `member` a member. When the task ends, all later publications are delivered to it. Called and
  /// awaited in the member's own calls, from open() to the end of the connection; else throws
  /// std::logic_error. Errors: Errc::too_many_rooms, Errc::stopped.
  [[nodiscard]] task<Result<Membership>> join(ConnectionHandler& member, JoinOptions options = {}) const;

  /// Publishes to the room, and returns the position of the publication. In a room with a history the task
  /// ends when the broker has stored the publication; an error means that it was delivered to no member. In
  /// another room it ends when the publication has its place in the room's order, with offset 0; there,
  /// without members, the publication is dropped. Waits while the room's queue is full.
  ///
  /// Errors: Errc::invalid_text, of the data or the tags; Errc::invalid_json; Errc::invalid_argument, for
  /// more than 64 tags, or more than 8 KiB of their keys and values; Errc::too_many_rooms, where the room
  /// keeps a history and would have to be opened; Errc::too_fast, of a handle by used_by(); the broker's
  /// error.
  ///@{
  [[nodiscard]] task<Result<Position>> publish(Message message) const;
  [[nodiscard]] task<Result<Position>> publish(Publication publication) const;
  ///@}

  /// Publishes without waiting; for callers that are no coroutines. Posts of one thread keep their order. The
  /// caller does not learn whether a broker could store the publication.
  /// Errors: those of publish() but the broker's, and Errc::too_fast where the room's queue is full or a rate
  /// would require a wait. A rejected post counts in that rate.
  ///@{
  // NOLINTBEGIN(modernize-use-nodiscard): a program may not care whether the queue was full.
  Result<> post(Message message) const;
  Result<> post(Publication publication) const;
  // NOLINTEND(modernize-use-nodiscard)
  ///@}

  /// Reads the room's history. Errors: the broker's.
  [[nodiscard]] task<Result<History>> history(HistoryFilter filter = {}) const;

  /// Removes all publications of the history; offsets go on. Errors: the broker's.
  [[nodiscard]] task<Result<>> remove_history() const;

  /// Returns the members of the room. Every join that ended before the call is included. Empty where the room
  /// does not keep its members (RoomOptions::presence).
  [[nodiscard]] task<std::shared_ptr<const Presence>> presence() const;

 private:
  friend struct detail::application::RoomAccess;

  Room(std::shared_ptr<detail::room::Hub> hub, std::string name)
      : hub_(std::move(hub)), name_(std::move(name)) {}

  std::shared_ptr<detail::room::Hub> hub_;
  std::string name_;
  std::shared_ptr<detail::limits::AddressQuota> quota_;  // nullptr: nothing is charged
};

}  // namespace coroom
