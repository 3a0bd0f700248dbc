#pragma once

#include "application/room_access.hpp"
#include "centrifuge/client_context.hpp"
#include "centrifuge/client_identity.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/permissions.hpp"
#include "centrifuge/refusal.hpp"
#include "centrifuge/replies.hpp"
#include "centrifuge/subscriber.hpp"
#include "centrifuge/subscriptions.hpp"
#include "core/deadline.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/room.hpp>
#include <coroom/task.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace coroom::detail::centrifuge {

/// Runs the commands of a client about channels, and ends its subscriptions.
class ChannelCommands {
 public:
  /// All outlive this object.
  ChannelCommands(ClientContext& client, ClientIdentity& identity, Replies& replies, Permissions& permissions,
                  Subscriptions& subscriptions, Subscriber& subscriber)
      : client_(client),
        identity_(identity),
        replies_(replies),
        permissions_(permissions),
        subscriptions_(subscriptions),
        subscriber_(subscriber) {}

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

  /// Leaves all channels, and stops the timer.
  void end();

 private:
  [[nodiscard]] ClientInChannel in_channel(const std::string& channel) const;
  [[nodiscard]] Permissions::Verdict may_publish_now(const std::string& channel);
  [[nodiscard]] Permissions::Verdict may_read_presence(const std::string& channel) const;

  /// Asks the program for its verdict on a publication.
  task<CentrifugeVerdict> ask_program(const PublishRequest& request);

  /// Publishes in the name of the client.
  task<> publish(std::string channel, Publication publication, application::PublishCallback done);
  [[nodiscard]] SharedClientInfo client_info_in(const std::string& channel);

  void drop(const std::string& channel, const Unsubscribe& how);
  void notify_of_end(const std::string& channel, const Unsubscribe& how);
  [[nodiscard]] ExpiryTime expiry_after(const ClientIdentity::RemainingTime& left) const;
  void drop_expired();
  void set_timer();

  ClientContext& client_;
  ClientIdentity& identity_;
  Replies& replies_;
  Permissions& permissions_;
  Subscriptions& subscriptions_;
  Subscriber& subscriber_;
  std::unique_ptr<Deadline> expiry_;  // nullptr: no subscription has expired or will
};

}  // namespace coroom::detail::centrifuge
