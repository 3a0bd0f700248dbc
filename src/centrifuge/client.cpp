#include "centrifuge/client.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/encoded_reply.hpp"
#include "core/json_text.hpp"
#include "core/sleep.hpp"

#include <coroom/log.hpp>
#include <coroom/version.hpp>

#include <boost/asio/post.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace coroom::detail::centrifuge {
namespace {

/// Returns the channel of a command; empty if the command has no channel.
std::string channel_of(const Command& command) {
  return std::visit(
      [](const auto& request) {
        if constexpr (requires { request.channel; }) {
          return request.channel;
        } else {
          return std::string();
        }
      },
      command.request);
}

}  // namespace

Client::Client(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo client_info,
               const boost::asio::any_io_executor& executor, const Clock& clock)
    : ClientContext(transport, settings, std::move(client_info), executor, clock),
      liveness_(*this),
      replies_(*this, liveness_),
      identity_(*this),
      permissions_(settings, transport.moderation()),
      subscriber_(*this, permissions_, replies_),
      channels_(*this, identity_, replies_, permissions_, subscriptions_, subscriber_),
      server_subscriptions_(*this, permissions_, subscriptions_, subscriber_) {}

task<> Client::on_frame(std::string frame) {
  liveness_.set_busy(true);
  std::size_t bytes = frame.size();  // the first command is charged for the whole frame
  CommandReader reader(encoding(), frame);
  while (auto command = reader.next()) {
    const RateVerdict pace = transport().charge_received(std::exchange(bytes, 0), 1);
    if (pace == RateVerdict::flooding) co_return disconnect(disconnect::too_many_requests);
    const bool connects = *command && std::holds_alternative<ConnectRequest>((*command)->request);
    if (!*command) {
      co_await refuse_malformed(command->error());
    } else if (pace == RateVerdict::ok) {
      co_await run(std::move(**command));
    } else {
      co_await refuse_too_fast(**command);
    }
    if (has_ended()) co_return;
    if (connects && phase() != ClientPhase::connected) break;  // it may not connect: it gets one reply
    if (transport().should_yield()) co_await boost::asio::post(executor(), as_result);
    if (has_ended()) co_return;
  }
  liveness_.set_busy(false);
}

task<> Client::connect(ConnectRequest request) {
  liveness_.set_busy(true);
  const RateVerdict pace = transport().charge_received(0, 1);
  if (pace == RateVerdict::flooding) co_return disconnect(disconnect::too_many_requests);
  Command command{1, std::move(request)};
  co_await run(std::move(command));
  liveness_.set_busy(false);
}

void Client::refuse(const CommandFault& fault) {
  faults().note_violation(fault.why);
  disconnect(disconnect::bad_request);
}

void Client::end() {
  set_phase(ClientPhase::ended);
  liveness_.stop();
  expiry_.reset();
  identity_.end();
  channels_.end();
  replies_.end();
}

void Client::disconnect(const Disconnect& why) {
  if (has_ended()) return;
  end();  // at once: a lost client may take long to close, and must not stay in its rooms meanwhile
  transport().close(why);
}

task<> Client::run(Command command) {
  const bool is_first = std::holds_alternative<ConnectRequest>(command.request);
  const bool is_connected = phase() == ClientPhase::connected;
  if (is_first == is_connected) {
    return refuse_malformed(
        {.why = is_first ? "a second connect" : "a command before connect", .command = {command.id}});
  }
  if (!command.unsupported.empty()) {
    faults().note_violation(command.unsupported);
    return replies_.refuse(command.id, error::not_available);
  }
  return std::visit(
      [this, &command](auto& request) {
        if constexpr (requires { request.channel; }) {
          return channels_.run(command.id, std::move(request));
        } else {
          return run(command.id, std::move(request));
        }
      },
      command.request);
}

/// Closes the connection only if the command has no readable id: then the client can match no reply to its
/// command. A `send` has no reply, so it is dropped.
task<> Client::refuse_malformed(CommandFault fault) {
  if (fault.command.id && transport().is_two_way()) {
    co_return co_await replies_.refuse_violation(
        *fault.command.id, fault.why, fault.unknown ? error::method_not_found : error::bad_request);
  }
  faults().note_violation(fault.why);
  if (!fault.command.sends) disconnect(disconnect::bad_request);
}

/// A command without an id gets no reply.
task<> Client::refuse_too_fast(const Command& command) {
  if (std::holds_alternative<Pong>(command.request)) co_return co_await run(0, Pong());
  if (phase() != ClientPhase::connected) co_return disconnect(disconnect::too_many_requests);
  if (command.id == 0) co_return;
  co_await replies_.answer_in_order(channel_of(command),
                                    replies_.encoded(command.id, error::too_many_requests));
}

task<> Client::run(std::uint64_t /*id*/, Pong /*request*/) {
  if (liveness_.pong()) co_return;
  faults().note_violation("a pong without a ping");
  disconnect(disconnect::bad_request);
}

task<> Client::run(std::uint64_t id, ConnectRequest request) {
  auto admission = identity_.connect(*this, request.token);
  if (!admission) co_return co_await refuse_connect(id, std::move(admission).error());
  const bool may_be_large = !request.subs.empty();
  if (may_be_large && !co_await replies_.room_for(room_for_reply))
    co_return co_await refuse_connect(
        id, ErrorReply{error::too_many_requests, Counter::messages_refused, "reply bytes"});
  if (has_ended()) co_return;
  auto subs =
      co_await server_subscriptions_.connect(std::move(admission->subscriptions), std::move(request.subs));
  if (has_ended()) co_return;
  if (!subs) co_return co_await refuse_connect(id, std::move(subs).error());
  set_phase(ClientPhase::connected);
  if (settings().single_connection) identity_.close_earlier_connections();
  set_expiry_timer();
  ConnectResult result;
  result.subs = std::move(*subs);
  result.lifetime = lifetime_of(admission->left);
  result.client = boost::uuids::to_string(client_info()->client_id);
  result.version = COROOM_VERSION;
  result.data = settings().connect_data;
  transport().introduce(result);
  if (transport().wants_pings()) {
    result.ping = seconds(settings().ping_interval);
    result.pong = result.ping != 0 && transport().is_two_way();
    liveness_.connected();
  } else {
    liveness_.stop();
  }
  co_await reply_to_connect(id, std::move(result));
}

/// A reply with recovered publications may exceed the limits of the client's address; then the client gets
/// one without them, and reads the history instead.
task<> Client::reply_to_connect(std::uint64_t id, ConnectResult result) {
  const bool is_large = std::ranges::any_of(
      result.subs, [](const auto& each) { return !each.second.state.publications.empty(); });
  bool is_written = false;
  if (is_large) {
    std::string large = replies_.encoded(id, result);
    is_written = co_await replies_.try_write(std::move(large));
    if (has_ended()) co_return;
    if (!is_written) server_subscriptions_.give_up_recovery(result.subs);
  }
  if (!is_written) {
    std::string reply = replies_.encoded(id, result);
    co_await replies_.write(std::move(reply));
  }
  if (!has_ended()) server_subscriptions_.resume(result.subs);
}

/// The client may try to connect again.
task<> Client::refuse_connect(std::uint64_t id, CommandRefusal refusal) {
  subscriptions_.clear();
  server_subscriptions_.forget();
  identity_.forget();
  return replies_.refuse(id, std::move(refusal));
}

void Client::on_subscribe(const std::string& channel, const ServerSubscription& subscription) {
  server_subscriptions_.call_when_connected(
      [this, channel, subscription] { server_subscriptions_.subscribe(channel, subscription); });
}

void Client::on_send(const std::string& json) {
  server_subscriptions_.call_when_connected(
      [this, json] { transport().push(encoded_push(encoding(), MessagePush{json})); });
}

task<> Client::run(std::uint64_t id, RefreshRequest request) {
  if (!settings().tokens) co_return co_await replies_.refuse(id, error::not_available);
  if (request.token.empty()) co_return co_await replies_.refuse_violation(id, "no token");
  auto left = identity_.refresh(request.token);
  if (!left) co_return co_await replies_.refuse(id, std::move(left).error());
  set_expiry_timer();
  RefreshResult result;
  result.client = boost::uuids::to_string(client_info()->client_id);
  result.version = COROOM_VERSION;
  result.lifetime = lifetime_of(*left);
  co_await replies_.reply(id, result);
}

task<> Client::run(std::uint64_t id, RpcRequest request) {
  co_await replies_.all_answered();
  if (has_ended()) co_return;
  if (!settings().on_rpc) co_return co_await replies_.refuse(id, error::not_available);
  if (!co_await replies_.may_reply(id)) co_return;
  const std::string method = request.method;
  CentrifugeCall call(client_info(), std::move(request.method), std::move(request.data.data),
                      request.data.kind);
  auto result = co_await settings().on_rpc(std::move(call));
  if (has_ended()) co_return;
  if (!result) co_return co_await replies_.refuse(id, result.error());
  if (!result->empty() && !detail::is_json(*result)) {
    logging::error("the result of on_rpc is not one JSON value", {{"method", method}});
    co_return co_await replies_.refuse(id, error::internal);
  }
  detail::put_in_one_line(*result);
  std::string reply = replies_.encoded(id, RpcResult{std::move(*result)});
  co_await replies_.write_reply(id, std::move(reply));
}

task<> Client::run(std::uint64_t /*id*/, SendRequest request) {
  co_await replies_.all_answered();
  if (has_ended()) co_return;
  if (!settings().on_send) co_return disconnect(disconnect::not_available);
  CentrifugeCall call(client_info(), {}, std::move(request.data.data), request.data.kind);
  co_await settings().on_send(std::move(call));
}

task<> Client::run(std::uint64_t id, PingRequest /*request*/) {
  return replies_.refuse(id, error::not_available);
}

void Client::set_expiry_timer() {
  expiry_.reset();
  const ExpiryTime expires = identity_.expires();
  if (!expires) return;
  expiry_ = std::make_unique<Deadline>(executor(), clock(), [this] { disconnect(disconnect::expired); });
  expiry_->expires_after(*expires - timer_time(clock()));
}

}  // namespace coroom::detail::centrifuge
