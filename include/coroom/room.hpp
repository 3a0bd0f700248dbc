#pragma once

#include <coroom/message.hpp>
#include <coroom/publication.hpp>
#include <coroom/task.hpp>

#include <memory>
#include <string>

namespace coroom {

class WebSocketHandler;
namespace room {
class Hub;
}

/// A handler's membership in a room: it ends when the seat is destroyed or left. Used on the handler's thread
/// alone, and destroyed before the handler is.
class Seat {
 public:
  class Impl;

  /// Of no room.
  Seat();

  /// Room::join() makes them.
  explicit Seat(std::unique_ptr<Impl> impl);

  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  /// The membership goes with it; the one that was there before ends.
  ///@{
  Seat(Seat&&) noexcept;
  Seat& operator=(Seat&&) noexcept;
  ///@}
  ~Seat();

  /// Says something to everybody in the room, its author too. Ends when it has its place in the room's order;
  /// waits while the room has more to do than it can. Without a seat it does nothing.
  task<> broadcast(Message message);

  /// From here on nothing is delivered any more.
  void leave();

  /// Whether it stands for a membership.
  [[nodiscard]] bool is_taken() const { return impl_ != nullptr; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Everybody who joined under one name, whatever thread they are on: a broadcast is encoded once, and all
/// members hear all broadcasts in one order. A handle, cheap to copy; any thread may use it. A room exists
/// while somebody is in it.
class Room {
 public:
  /// The hub outlives every handle; Application::room() makes them.
  Room(room::Hub& hub, std::string name) : hub_(&hub), name_(std::move(name)) {}

  /// As it was asked for.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Ends when `member` is in the room; from then on it hears everything that is said there. Called from the
  /// member's own calls, after its handshake.
  ///
  /// `author` is how others are told of it, and `encoder` how it wants to be told; without one, messages come
  /// as they are, and who enters and leaves is not told. The encoder outlives the application.
  task<Seat> join(WebSocketHandler& member, SharedAuthor author = nullptr, const Encoder* encoder = nullptr);

  /// Says something to everybody in the room. Ends when it has its place in the room's order.
  task<> broadcast(Message message);

 private:
  room::Hub* hub_;
  std::string name_;
};

}  // namespace coroom
