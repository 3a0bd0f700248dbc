#pragma once

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/presence.hpp>
#include <coroom/publication.hpp>
#include <coroom/room_options.hpp>
#include <coroom/task.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace coroom {

class WebSocketHandler;
namespace detail::limits {
class AddressQuota;
}
namespace detail::room {
class Hub;
}

/// Result of a publication: its position, without a number where the room has no history, or the error; on
/// error nothing was delivered. Must not wait; what it throws is logged.
using Published = std::function<void(Result<Position>)>;

/// How to be in a room.
struct JoinOptions {
  /// Messages come as they are; who enters and leaves is not told.
  JoinOptions() = default;

  /// `author` is how others are told of the member, and `encoder`, which outlives the application, how the
  /// member wants to be told.
  explicit JoinOptions(SharedClientInfo who, const Encoder* how = nullptr, bool wait = false)
      : client_info(std::move(who)), encoder(how), held(wait) {}

  SharedClientInfo client_info;      ///< none: nobody is told of it
  const Encoder* encoder = nullptr;  ///< none: messages come as they are
  bool held = false;  ///< nothing is delivered before Membership::listen(), and nothing is lost; if
                      ///< more than 1 MiB waits for that, the connection is closed with 3008
};

/// A handler's membership in a room: it ends when the seat is destroyed or left. Used on the handler's thread
/// alone, and destroyed before the handler is; what it returns to be awaited may outlive it.
class [[nodiscard]] Membership {
 public:
  class Impl;

  /// Of no room.
  Membership();

  /// Room::join() makes them.
  explicit Membership(std::unique_ptr<Impl> impl);

  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  /// The membership goes with it; the one that was there before ends.
  ///@{
  Membership(Membership&&) noexcept;
  Membership& operator=(Membership&&) noexcept;
  ///@}
  ~Membership();

  /// Says something to everybody in the room, its author too. Ends when it has its place in the room's order;
  /// waits while the room has more to do than it can. An error: there is no seat, the text is not UTF-8, or
  /// the member's address or the room's publishers are over their rate (Error::Kind::too_fast).
  /// What a broker could not keep is told by publish() alone.
  task<Result<>> broadcast(Message message);

  /// The same, of any kind, and by this member where no author is given. What becomes of it is told on the
  /// member's thread, to `done`, if there is one, or, when it is known, to the caller.
  ///@{
  task<> publish(Publication publication, Published done);
  task<Result<Position>> publish(Publication publication);
  ///@}

  /// Where the room's history stood when the member came in: what has a greater offset is delivered to it,
  /// and nothing else. None: the room has no history, or it can't be read now.
  [[nodiscard]] std::optional<Position> position() const;

  /// Delivers what was held back, and from now on everything at once.
  void listen();

  /// From here on nothing is delivered any more.
  void leave();

  /// Whether it stands for a membership.
  [[nodiscard]] bool is_taken() const { return impl_ != nullptr; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Everybody who joined under one name, whatever thread they are on: a broadcast is encoded once, and all
/// members hear all broadcasts in one order. A room exists while somebody is in it; its history stays.
///
/// A handle, cheap to copy. Any thread may use it, and coroutines of any executor. What it returns to be
/// awaited has copies of all it needs, so `co_spawn(context, application.room("tea").broadcast(message), …)`
/// is right. It may outlive the application. Before the application serves, and once it has stopped, nobody
/// is in a room: broadcast(), publish(), history() and remove_history() are an error at once, and join()
/// throws std::logic_error, as nobody can have a handler then.
class Room {
 public:
  /// Application::room() makes them.
  Room(std::shared_ptr<detail::room::Hub> hub, std::string name)
      : hub_(std::move(hub)), name_(std::move(name)) {}

  /// The same room. What is done by way of it, histories read and publications, counts for the address of
  /// `user`. Called from the user's own calls, from open() to the end; else it throws std::logic_error.
  [[nodiscard]] Room used_by(WebSocketHandler& user) const;

  /// As it was asked for.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// As Settings::room_options has them.
  [[nodiscard]] RoomOptions options() const;

  /// False: nobody is in it, and there are as many rooms as there may be (Settings::max_rooms).
  [[nodiscard]] bool is_available() const;

  /// Ends when `member` is in the room; from then on it hears everything that is said there. Called from the
  /// member's own calls, from open() to the end, and awaited there; else it throws std::logic_error. A seat
  /// that is not taken: there are as many rooms as there may be (Settings::max_rooms), and this is none of
  /// them.
  ///@{
  [[nodiscard]] task<Membership> join(WebSocketHandler& member, JoinOptions options) const;
  [[nodiscard]] task<Membership> join(WebSocketHandler& member, SharedClientInfo client_info = nullptr,
                                      const Encoder* encoder = nullptr) const;
  ///@}

  /// Says something to everybody in the room. Ends when it has its place in the room's order. An error: the
  /// text is not UTF-8. What a broker could not keep is told by publish() alone.
  [[nodiscard]] task<Result<>> broadcast(Message message) const;

  /// The same, of any kind. What becomes of it is told on the caller's executor, to `done`, if there is one,
  /// or, when it is known, to the caller. An executor whose context does not outlive the application is only
  /// for the second one.
  ///@{
  [[nodiscard]] task<> publish(Publication publication, Published done) const;
  [[nodiscard]] task<Result<Position>> publish(Publication publication) const;
  ///@}

  /// What was said, as far as the room keeps it (Settings::room_options).
  ///@{
  [[nodiscard]] task<Result<History>> history(HistoryFilter filter = {}) const;
  [[nodiscard]] task<Result<>> remove_history() const;
  ///@}

  /// Who is in the room, in its order: who has joined before it is asked is there. Nobody where the room does
  /// not keep it.
  [[nodiscard]] task<std::shared_ptr<const Presence>> presence() const;

 private:
  std::shared_ptr<detail::room::Hub> hub_;
  std::string name_;
  std::shared_ptr<detail::limits::AddressQuota> quota_;  // none: what is done is not counted
};

}  // namespace coroom
