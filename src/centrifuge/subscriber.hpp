#pragma once

#include "centrifuge/client_context.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/permissions.hpp"
#include "centrifuge/recovery.hpp"
#include "centrifuge/refusal.hpp"
#include "centrifuge/replies.hpp"
#include "centrifuge/tag_filter.hpp"

#include <coroom/broker.hpp>
#include <coroom/client_info.hpp>
#include <coroom/room.hpp>
#include <coroom/server_subscription.hpp>
#include <coroom/task.hpp>

#include <tl/expected.hpp>

#include <cstddef>

namespace coroom::detail::centrifuge {

/// A subscription to make, whether the client or the server asks for it.
struct SubscriptionOrder {
  SubscribeRequest request;      ///< of the client; of the server: its channel, and the client's position
  SharedClientInfo client_info;  ///< of the member
  SubscriptionOverrides overrides = {};
  std::size_t bytes = recovery_bytes;  ///< the most bytes of recovered data
};

/// A room that has admitted the client. Its publications wait for Membership::resume().
struct OpenedSubscription {
  Membership membership;
  Recovered state;
};

/// Makes the subscriptions of one client: joins rooms, and reads what the client missed.
class Subscriber {
 public:
  /// All outlive this object.
  Subscriber(ClientContext& client, const Permissions& permissions, Replies& replies)
      : client_(client), permissions_(permissions), replies_(replies) {}

  /// Joins the room of a permitted subscription, and recovers. The caller checks whether the client has ended
  /// meanwhile.
  task<tl::expected<OpenedSubscription, ErrorReply>> open(SubscriptionOrder order);

 private:
  task<tl::expected<Membership, ErrorReply>> join(Room room, const SubscriptionOrder& order,
                                                  const RoomRules& rules, TagFilterPtr filter);

  /// Reads what the client missed before the join. All arguments outlive the call.
  task<tl::expected<Recovered, ErrorReply>> recover(const Room& room, const SubscriptionOrder& order,
                                                    const RoomRules& rules, const Membership& membership);

  /// Reads the stored publications after `since` up to `top`. Reads fewer bytes if little room is left in the
  /// queue.
  task<Result<History>> read_missed(Room room, Position since, Position top, std::size_t bytes);

  ClientContext& client_;
  const Permissions& permissions_;
  Replies& replies_;
};

}  // namespace coroom::detail::centrifuge
