#pragma once

#include "room/room_hold.hpp"

#include <coroom/room.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace coroom::detail::application {

/// Called once, on the executor of the publisher, with the outcome of a publication.
using PublishCallback = std::function<void(Result<Position>)>;

/// Makes the public handles of rooms, and publishes for protocols that answer later: the task ends when the
/// publication has its place in the room's order, and `done` has the outcome. So a client's next publication
/// does not wait for the disk. The publication is valid: these functions do not check its data.
struct RoomAccess {
  static Room room(std::shared_ptr<room::Hub> hub, std::string name) {
    return {std::move(hub), std::move(name)};
  }

  /// Returns the handle that ends the membership.
  static Membership membership(room::MemberPtr member);

  static task<> publish(const Room& room, Publication publication, PublishCallback done);

  /// Returns an empty task if the publication has its place in the room's order now, or is rejected.
  static task<> publish(const Membership& membership, Publication publication, PublishCallback done);

  /// As Membership::publish(), without a check.
  static task<Result<Position>> publish(const Membership& membership, Publication publication);
};

}  // namespace coroom::detail::application
