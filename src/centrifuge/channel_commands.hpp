#pragma once

#include "application/room_access.hpp"
#include "centrifuge/client_context.hpp"
#include "centrifuge/client_identity.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/permissions.hpp"
#include "centrifuge/recovery.hpp"
#include "centrifuge/refusal.hpp"
#include "centrifuge/replies.hpp"
#include "centrifuge/subscriptions.hpp"
#include "core/deadline.hpp"

#include <coroom/broker.hpp>
#include <coroom/centrifuge.hpp>
#include <coroom/room.hpp>
#include <coroom/task.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace coroom::detail::centrifuge {

/// Runs the commands of a client about channels, and ends its subscriptions.
class ChannelCommands {
 public:
  /// All outlive this object.
  ChannelCommands(ClientContext& client, ClientIdentity& identity, Replies& replies)
      : client_(client),
        identity_(identity),
        replies_(replies),
        permissions_(client.settings(), client.transport().moderation()) {}

  task<> run(std::uint64_t id, SubscribeRequest request);
  task<> run(std::uint64_t id, UnsubscribeRequest request);
  task<> run(std::uint64_t id, PublishRequest request);
  task<> run(std::uint64_t id, PresenceRequest request);
  task<> run(std::uint64_t id, PresenceStatsRequest request);
  task<> run(std::uint64_t id, HistoryRequest request);
  task<> run(std::uint64_t id, SubRefreshRequest request);

  /// Ends a subscription, if the client has it, and notifies the client.
  void unsubscribe(const std::string& channel);

  /// Ends the subscriptions to which revoked tokens admitted the client, and notifies the client.
  void unsubscribe_revoked();

  /// Leaves all channels.
  void end();

 private:
  [[nodiscard]] ClientInChannel in_channel(const std::string& channel) const;
  [[nodiscard]] Permissions::Verdict may_publish_now(const std::string& channel);
  [[nodiscard]] Permissions::Verdict may_read_presence(const std::string& channel) const;

  /// Joins the room. Its publications wait for the reply to the command.
  task<tl::expected<Membership, ErrorReply>> join(Room room, SharedClientInfo client_info, bool with_joins);

  /// Reads what the client missed before the join. The request and the membership outlive the call.
  task<tl::expected<Recovered, ErrorReply>> recover(const SubscribeRequest& request,
                                                    const Membership& membership);

  /// Reads the stored publications after `since` up to `top`. Reads fewer bytes if little room is left in the
  /// queue.
  task<Result<History>> read_missed(Room room, Position since, Position top);

  /// Asks the program for its verdict on a publication.
  task<CentrifugeVerdict> ask_program(const PublishRequest& request);

  /// Publishes in the name of the client.
  task<> publish(std::string channel, Publication publication, application::PublishCallback done);
  [[nodiscard]] SharedClientInfo client_info_in(const std::string& channel);

  void drop(const std::string& channel, const Unsubscribe& how);
  [[nodiscard]] ExpiryTime expiry_after(const ClientIdentity::RemainingTime& left) const;
  void drop_expired();
  void set_timer();

  ClientContext& client_;
  ClientIdentity& identity_;
  Replies& replies_;
  Permissions permissions_;
  Subscriptions subscriptions_;
  std::unique_ptr<Deadline> expiry_;  // nullptr: no subscription has expired or will
};

}  // namespace coroom::detail::centrifuge
