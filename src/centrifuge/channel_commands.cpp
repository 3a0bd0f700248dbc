#include "centrifuge/channel_commands.hpp"

#include "application/room_access.hpp"
#include "centrifuge/codes.hpp"
#include "centrifuge/encoded_reply.hpp"
#include "core/sleep.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::string_view no_channel = "no channel";

/// Returns the refusal of a publication by the program. Only a refusal by rate is counted.
ErrorReply verdict_on(CentrifugeError why) {
  if (why.code != error::too_many_requests.code) return {std::move(why)};
  return {std::move(why), Counter::messages_refused, "publications"};
}

Publication::Kind kind_of(const Payload& payload) {
  return payload.kind == Message::Kind::json ? Publication::Kind::json : Publication::Kind::binary;
}

HistoryFilter filter_of(const HistoryRequest& request) {
  const std::size_t limit =
      request.limit < 0 ? recovery_limit : std::min(static_cast<std::size_t>(request.limit), recovery_limit);
  const auto since = request.since ? std::optional(request.since->offset) : std::nullopt;
  HistoryFilter filter(limit, since, request.reverse);
  return filter;
}

}  // namespace

task<> ChannelCommands::run(std::uint64_t id, SubscribeRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  co_await replies_.all_answered(request.channel);
  if (client_.has_ended()) co_return;
  SubscriptionToken token;
  Subscription subscription;
  const bool has_token = !request.token.empty();
  if (has_token) {
    auto checked = identity_.check(request.channel, request.token);
    if (!checked) co_return co_await replies_.refuse(id, std::move(checked).error());
    token = std::move(*checked);
    subscription.grant = std::make_unique<SubscriptionGrant>(SubscriptionGrant{.token = token.trace});
  }
  if (request.recover && !co_await replies_.may_reply(id)) co_return;
  // From this check to begin() nothing waits: the server may subscribe the client to the channel too.
  const ClientInChannel who{*client_.client_info(), request.channel, subscriptions_.exists(request.channel)};
  if (const auto permitted = permissions_.may_subscribe(who, has_token, subscriptions_.size()); !permitted)
    co_return co_await replies_.refuse(id, permitted.error());
  subscription.client_info = client_.client_info_with(std::move(token.info));
  auto beginning = subscriptions_.begin(request.channel);
  SubscriptionOrder order{
      .request = std::move(request), .client_info = subscription.client_info, .overrides = token.overrides};
  auto opened = co_await subscriber_.open(std::move(order));
  if (client_.has_ended()) co_return;
  if (!opened) co_return co_await replies_.refuse(id, opened.error());
  subscription.membership = std::move(opened->membership);

  const bool is_large = !opened->state.publications.empty();
  SubscribeResult result{lifetime_of(token.left), std::move(token.data), std::move(opened->state)};
  if (result.data.empty() && client_.settings().subscribe_data)
    result.data = client_.settings().subscribe_data(beginning.channel(), *client_.client_info());
  std::string reply = replies_.encoded(id, result);
  result = {};
  if (!is_large) {
    co_await replies_.write(std::move(reply));
  } else if (!co_await replies_.write_reply(id, std::move(reply))) {
    co_return;
  }
  if (client_.has_ended()) co_return;
  if (has_token) subscription.grant->expires = expiry_after(token.left);
  const std::string channel = beginning.channel();
  if (!beginning.complete(std::move(subscription))) {
    // The channel may have a new subscription, by the server.
    if (!subscriptions_.exists(channel)) notify_of_end(channel, unsubscribe::by_server);
    co_return;
  }
  subscriptions_.find(channel)->membership.resume();
  if (!has_token) co_return;
  set_timer();
  unsubscribe_revoked();  // the token may have been revoked during the waits above
}

task<> ChannelCommands::run(std::uint64_t id, UnsubscribeRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  subscriptions_.remove(request.channel);
  co_await replies_.reply(id, UnsubscribeResult());
}

task<> ChannelCommands::run(std::uint64_t id, PublishRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  if (!replies_.has_slots()) co_await replies_.slots();
  if (client_.has_ended()) co_return;
  const auto slot = replies_.reserve(request.channel);
  auto permitted = permissions_.may_publish(in_channel(request.channel), request.data.data);
  if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  std::shared_ptr<const Revision> revision;
  if (client_.settings().on_publish) {
    auto verdict = co_await ask_program(request);
    if (client_.has_ended()) co_return;
    if (!verdict) co_return replies_.answer(id, slot, verdict_on(verdict.error()));
    revision = std::move(*verdict);
    // The client may have lost its permission meanwhile.
    permitted = permissions_.may_publish(in_channel(request.channel), request.data.data);
    if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  }
  permitted = may_publish_now(request.channel);
  if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  Publication publication{.kind = kind_of(request.data),  // valid: the command was parsed
                          .client_info = client_info_in(request.channel),
                          .data = std::move(request.data.data),
                          .revision = std::move(revision)};
  auto waiting = publish(std::move(request.channel), std::move(publication), replies_.on_published(id, slot));
  if (waiting.valid()) co_await std::move(waiting);
}

Permissions::Verdict ChannelCommands::may_publish_now(const std::string& channel) {
  const ClientInChannel who = in_channel(channel);
  // A publication to a room without members opens the room too, if the room keeps a history.
  const bool is_available = who.is_subscribed || client_.transport().room(channel).is_available();
  return permissions_.may_publish_now(who, is_available);
}

task<> ChannelCommands::publish(std::string channel, Publication publication,
                                application::PublishCallback done) {
  using application::RoomAccess;
  if (const Subscription* subscription = subscriptions_.find(channel))  // has the room at hand
    return RoomAccess::publish(subscription->membership, std::move(publication), std::move(done));
  return RoomAccess::publish(client_.transport().room(std::move(channel)), std::move(publication),
                             std::move(done));
}

task<CentrifugeVerdict> ChannelCommands::ask_program(const PublishRequest& request) {
  CentrifugePublication publication{.client_info = client_info_in(request.channel),
                                    .room = client_.transport().room(request.channel),
                                    .data = request.data.data,
                                    .kind = kind_of(request.data)};
  return client_.settings().on_publish(std::move(publication));
}

SharedClientInfo ChannelCommands::client_info_in(const std::string& channel) {
  const Subscription* subscription = subscriptions_.find(channel);
  return subscription != nullptr ? subscription->client_info : client_.client_info();
}

task<> ChannelCommands::run(std::uint64_t id, PresenceRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  if (const auto permitted = may_read_presence(request.channel); !permitted)
    co_return co_await replies_.refuse(id, permitted.error());
  if (!co_await replies_.may_reply(id)) co_return;
  auto presence = co_await client_.transport().room(std::move(request.channel)).presence();
  std::string reply = replies_.encoded(id, PresenceResult{std::move(presence)});
  co_await replies_.write_reply(id, std::move(reply));
}

task<> ChannelCommands::run(std::uint64_t id, PresenceStatsRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  if (const auto permitted = may_read_presence(request.channel); !permitted)
    co_return co_await replies_.refuse(id, permitted.error());
  const auto presence = co_await client_.transport().room(std::move(request.channel)).presence();
  co_await replies_.reply(id, PresenceStatsResult{presence->members.size(), presence->users});
}

Permissions::Verdict ChannelCommands::may_read_presence(const std::string& channel) const {
  auto permitted = permissions_.may_read_presence(in_channel(channel));
  if (permitted) permitted = Permissions::has_presence(client_.transport().room(channel).options());
  return permitted;
}

task<> ChannelCommands::run(std::uint64_t id, HistoryRequest request) {
  if (request.channel.empty()) co_return co_await replies_.refuse_violation(id, no_channel);
  co_await replies_.all_answered(request.channel);
  if (client_.has_ended()) co_return;
  auto permitted = permissions_.may_read_history(in_channel(request.channel));
  if (!permitted) co_return co_await replies_.refuse(id, permitted.error());
  const Room room = client_.transport().room(request.channel);
  permitted = Permissions::has_history(room.options(), request);
  if (!permitted) co_return co_await replies_.refuse(id, permitted.error());
  HistoryFilter filter = filter_of(request);
  if (filter.limit != 0 && !co_await replies_.may_reply(id)) co_return;
  filter.bytes = std::min(recovery_bytes, client_.transport().reply_room());
  auto history = co_await room.history(filter);
  if (!history) co_return co_await replies_.refuse(id, error::internal);
  const bool is_other_epoch =
      request.since && !request.since->epoch.empty() && request.since->epoch != history->top.epoch;
  if (is_other_epoch) co_return co_await replies_.refuse(id, error::unrecoverable_position);
  std::string reply = replies_.encoded(id, HistoryResult{std::move(*history)});
  co_await replies_.write_reply(id, std::move(reply));
}

task<> ChannelCommands::run(std::uint64_t id, SubRefreshRequest request) {
  if (!client_.settings().tokens) co_return co_await replies_.refuse(id, error::not_available);
  if (request.channel.empty() || request.token.empty())
    co_return co_await replies_.refuse_violation(id, "no channel, or no token");
  Subscription* const subscription = subscriptions_.find(request.channel);
  if (subscription == nullptr) co_return co_await replies_.refuse(id, error::permission_denied);
  auto token = identity_.check(request.channel, request.token);
  if (!token) co_return co_await replies_.refuse(id, std::move(token).error());
  subscription->grant = std::make_unique<SubscriptionGrant>(
      SubscriptionGrant{.token = std::move(token->trace), .expires = expiry_after(token->left)});
  set_timer();
  co_await replies_.reply(id, SubRefreshResult{lifetime_of(token->left)});
}

void ChannelCommands::unsubscribe(const std::string& channel) {
  if (subscriptions_.contains(channel)) return drop(channel, unsubscribe::by_server);
  subscriptions_.remove(channel);  // one that was only begun: its end follows when it is known
}

void ChannelCommands::unsubscribe_revoked() {
  const auto is_revoked = [this](const TokenTrace& token) { return identity_.is_revoked(token); };
  while (const std::string* channel = subscriptions_.first_revoked(is_revoked))
    drop(std::string(*channel), unsubscribe::by_server);
}

void ChannelCommands::drop(const std::string& channel, const Unsubscribe& how) {
  client_.call_or_disconnect([&] {
    const std::string push = encoded_push(client_.encoding(), channel, how);
    subscriptions_.remove(channel);
    client_.transport().push(push);
  });
}

void ChannelCommands::notify_of_end(const std::string& channel, const Unsubscribe& how) {
  client_.call_or_disconnect(
      [&] { client_.transport().push(encoded_push(client_.encoding(), channel, how)); });
}

void ChannelCommands::end() {
  expiry_.reset();
  subscriptions_.clear();
}

ClientInChannel ChannelCommands::in_channel(const std::string& channel) const {
  return {*client_.client_info(), channel, subscriptions_.contains(channel)};
}

ExpiryTime ChannelCommands::expiry_after(const ClientIdentity::RemainingTime& left) const {
  return centrifuge::expiry_after(timer_time(client_.clock()), left, client_.settings().refresh_grace);
}

void ChannelCommands::drop_expired() {
  const auto now = timer_time(client_.clock());
  while (const std::string* channel = subscriptions_.first_expired(now))
    drop(std::string(*channel), unsubscribe::expired);
  client_.call_or_disconnect([this] { set_timer(); });
}

/// Lets the timer run until the first subscription expires.
void ChannelCommands::set_timer() {
  const ExpiryTime next = subscriptions_.next_expiry();
  if (!next) return expiry_.reset();
  if (!expiry_)
    expiry_ = std::make_unique<Deadline>(client_.executor(), client_.clock(), [this] { drop_expired(); });
  expiry_->expires_after(*next - timer_time(client_.clock()));
}

}  // namespace coroom::detail::centrifuge
