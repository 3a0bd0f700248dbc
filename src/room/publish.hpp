#pragma once

#include "limits/address_quota.hpp"
#include "room/room_event.hpp"
#include "room/room_hold.hpp"

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/publication.hpp>
#include <coroom/task.hpp>

#include <functional>
#include <memory>

namespace coroom::detail::room {

/// Sends an event to a room's channel, as RoomActor::send() does.
using SendEvent = std::function<task<bool>(RoomHold, RoomEvent)>;

/// These publish to a room when its pace allows it, and wait while its channel is full. `quota` is of the
/// publisher's address; nullptr: nothing is charged. `send` may be nullptr on a shard only. A publication
/// over its rate fails with Errc::too_fast.
///@{

/// Completes once the publication has its place in the room's order; returns an empty task if it has it now,
/// or is rejected. `done`, if not empty, is called on the room's shard once the broker has kept the
/// publication or failed, or here if the publication is rejected.
task<> publish(RoomHold room, std::shared_ptr<limits::AddressQuota> quota, Publication publication,
               event::Publish::Done done, SendEvent send = nullptr);

/// Completes once the broker has kept the publication; without a history, once it has its place in the room's
/// order. Returns its position.
task<Result<Position>> publish(RoomHold room, std::shared_ptr<limits::AddressQuota> quota,
                               Publication publication, SendEvent send = nullptr);
///@}

/// Puts a publication into the room's channel without waiting. Any thread. A rejected publication may be
/// charged. Errors: Errc::too_fast, where the publisher would have to wait; Errc::stopped.
Result<> post(const RoomHold& room, std::shared_ptr<limits::AddressQuota> quota, Publication publication);

}  // namespace coroom::detail::room
