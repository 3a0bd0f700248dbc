#pragma once

#include "centrifuge/channel_commands.hpp"
#include "centrifuge/client_context.hpp"
#include "centrifuge/client_identity.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/liveness.hpp"
#include "centrifuge/permissions.hpp"
#include "centrifuge/replies.hpp"
#include "centrifuge/server_subscriptions.hpp"
#include "centrifuge/subscriber.hpp"
#include "centrifuge/subscriptions.hpp"
#include "core/deadline.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/client_info.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/moderated_connection.hpp>
#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// One client of the Centrifuge protocol over any transport. Runs the client's commands in their order. A
/// publication is answered once it is stored, in order within its channel. Later commands run meanwhile, so a
/// client that publishes much does not wait for each reply. A command that may depend on publications waits
/// for their replies: a subscription, a history request and a call of the program.
class Client final : private ClientContext, private ModeratedConnection {
 public:
  /// The settings and the clock outlive the client. The transport outlives the later of end() and the end of
  /// on_frame().
  Client(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo client_info,
         const boost::asio::any_io_executor& executor, const Clock& clock);

  /// Runs the commands of one frame. Calls must not overlap.
  task<> on_frame(std::string frame);

  /// Runs the command `connect` of a one-way client, which sends no others.
  task<> connect(ConnectRequest request);

  /// Disconnects a client whose request can't be read, and counts the violation.
  void refuse(const CommandFault& fault);

  /// Leaves all rooms and stops all timers. May be called twice.
  void end();

 private:
  task<> run(Command command);
  task<> refuse_malformed(CommandFault fault);
  task<> refuse_too_fast(const Command& command);

  task<> run(std::uint64_t id, Pong request);
  task<> run(std::uint64_t id, ConnectRequest request);
  task<> reply_to_connect(std::uint64_t id, ConnectResult result);
  task<> refuse_connect(std::uint64_t id, CommandRefusal refusal);
  task<> run(std::uint64_t id, RefreshRequest request);
  task<> run(std::uint64_t id, RpcRequest request);
  task<> run(std::uint64_t id, SendRequest request);
  task<> run(std::uint64_t id, PingRequest request);

  void disconnect(const Disconnect& why) override;

  // Called by moderation.
  void on_kick(const Disconnect& why) override { disconnect(why); }
  void on_kick_from(const std::string& channel) override {
    if (!server_subscriptions_.remove_before_reply(channel)) channels_.unsubscribe(channel);
  }
  void on_revoked() override { channels_.unsubscribe_revoked(); }

  // Called by the program.
  void on_subscribe(const std::string& channel, const ServerSubscription& subscription) override;
  void on_send(const std::string& json) override;

  /// Ends the connection once its token has expired and the grace period is over.
  void set_expiry_timer();

  Liveness liveness_;
  Replies replies_;
  ClientIdentity identity_;
  Permissions permissions_;
  Subscriptions subscriptions_;
  Subscriber subscriber_;
  ChannelCommands channels_;
  ServerSubscriptions server_subscriptions_;
  std::unique_ptr<Deadline> expiry_;  // nullptr: the connection does not expire
};

}  // namespace coroom::detail::centrifuge
