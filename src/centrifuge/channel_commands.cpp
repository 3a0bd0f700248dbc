#include "centrifuge/channel_commands.hpp"

#include "application/room_access.hpp"
#include "centrifuge/codes.hpp"
#include "centrifuge/push_encoder.hpp"
#include "core/sleep.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::string_view no_channel = "no channel";

std::shared_ptr<const Encoder> encoder(bool with_joins) {
  static const auto without = std::make_shared<const PushEncoder>(false);
  static const auto with = std::make_shared<const PushEncoder>(true);
  return with_joins ? with : without;
}

/// Returns the refusal of a publication by the program. Only a refusal by rate is counted.
ErrorReply verdict_on(CentrifugeError why) {
  if (why.code != error::too_many_requests.code) return {std::move(why)};
  return {std::move(why), Counter::messages_refused, "publications"};
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
  if (const auto permitted =
          permissions_.may_subscribe(in_channel(request.channel), has_token, subscriptions_.size());
      !permitted)
    co_return co_await replies_.refuse(id, permitted.error());
  if (request.recover && !co_await replies_.may_reply(id)) co_return;
  subscription.client_info = client_.client_info();
  if (!token.info.empty()) {
    auto client_info = std::make_shared<ClientInfo>(*client_.client_info());
    client_info->chan_info = std::move(token.info);
    subscription.client_info = std::move(client_info);
  }
  auto joined =
      co_await join(client_.transport().room(request.channel), subscription.client_info, request.join_leave);
  if (client_.has_ended()) co_return;
  if (!joined) co_return co_await replies_.refuse(id, joined.error());
  subscription.membership = std::move(*joined);

  auto recovered = co_await recover(request, subscription.membership);
  if (client_.has_ended()) co_return;
  if (!recovered) co_return co_await replies_.refuse(id, recovered.error());
  const bool is_large = !recovered->publications.empty();
  SubscribeResult result{lifetime_of(token.left), std::move(token.data), std::move(*recovered)};
  if (result.data.empty() && client_.settings().subscribe_data)
    result.data = client_.settings().subscribe_data(request.channel, *client_.client_info());
  std::string line = reply_line(id, result);
  result = {};
  if (!is_large) {
    co_await replies_.write(std::move(line));
  } else if (!co_await replies_.write_reply(id, std::move(line))) {
    co_return;
  }
  if (client_.has_ended()) co_return;
  subscription.membership.resume();
  if (has_token) subscription.grant->expires = expiry_after(token.left);
  subscriptions_.add(std::move(request.channel), std::move(subscription));
  if (!has_token) co_return;
  set_timer();
  unsubscribe_revoked();  // the token may have been revoked during the waits above
}

task<tl::expected<Membership, ErrorReply>> ChannelCommands::join(Room room, SharedClientInfo client_info,
                                                                 bool with_joins) {
  const bool joins = room.options().join_leave &&
                     (with_joins || permissions_.rules(in_channel(room.name())).force_push_join_leave);
  JoinOptions options{.client_info = std::move(client_info), .encoder = encoder(joins), .paused = true};
  auto joined = co_await client_.transport().join(std::move(room), std::move(options));
  if (!joined) co_return tl::unexpected(too_many_rooms());
  co_return std::move(*joined);
}

task<tl::expected<Recovered, ErrorReply>> ChannelCommands::recover(const SubscribeRequest& request,
                                                                   const Membership& membership) {
  const Room room = client_.transport().room(request.channel);
  Recovered state = before_recovery(request, permissions_.rules(in_channel(request.channel)),
                                    room.options().keeps_history());
  if (state.positioned) {
    const auto top = membership.position();
    if (!top) co_return refused(error::internal);
    state.position = *top;
    if (request.recover && may_recover(request.since, *top)) {
      History history{.top = *top};
      if (request.since.offset != top->offset) {
        auto read = co_await read_missed(room, request.since, *top);
        if (!read) co_return refused(error::internal);
        history = std::move(*read);
      }
      recover_from(std::move(history), request.since, state);
    }
  }
  if (must_fail(request, state)) co_return refused(error::unrecoverable_position);
  co_return state;
}

task<Result<History>> ChannelCommands::read_missed(Room room, Position since, Position top) {
  HistoryFilter filter{.limit = recovery_limit,
                       .since = since.offset,
                       .bytes = std::min(recovery_bytes, client_.transport().reply_room())};
  auto history = co_await room.history(filter);
  const bool is_cut = history && !history->publications.empty() && filter.bytes < recovery_bytes &&
                      history->publications.back().offset < top.offset;
  if (!is_cut || client_.has_ended()) co_return history;
  // Publications of other rooms fill the queue meanwhile, and this reply needs all of its room.
  history = History();
  const bool may = co_await replies_.room_for(recovery_bytes);
  if (!may) co_return failure("the reply limit is exceeded");
  filter.bytes = recovery_bytes;
  co_return co_await room.history(filter);
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
  auto permitted = permissions_.may_publish(in_channel(request.channel), request.data);
  if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  std::shared_ptr<const Revision> revision;
  if (client_.settings().on_publish) {
    auto verdict = co_await ask_program(request);
    if (client_.has_ended()) co_return;
    if (!verdict) co_return replies_.answer(id, slot, verdict_on(verdict.error()));
    revision = std::move(*verdict);
    // The client may have lost its permission meanwhile.
    permitted = permissions_.may_publish(in_channel(request.channel), request.data);
    if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  }
  permitted = may_publish_now(request.channel);
  if (!permitted) co_return replies_.answer(id, slot, permitted.error());
  Publication publication{.kind = Publication::Kind::json,  // valid and in one line: the command was parsed
                          .client_info = client_info_in(request.channel),
                          .data = std::move(request.data),
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
                                    .data = request.data};
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
  std::string line = reply_line(id, PresenceResult{std::move(presence)});
  co_await replies_.write_reply(id, std::move(line));
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
  std::string line = reply_line(id, HistoryResult{std::move(*history)});
  co_await replies_.write_reply(id, std::move(line));
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
  if (subscriptions_.contains(channel)) drop(channel, unsubscribe::by_server);
}

void ChannelCommands::unsubscribe_revoked() {
  const auto is_revoked = [this](const TokenTrace& token) { return identity_.is_revoked(token); };
  while (const std::string* channel = subscriptions_.first_revoked(is_revoked))
    drop(std::string(*channel), unsubscribe::by_server);
}

void ChannelCommands::drop(const std::string& channel, const Unsubscribe& how) {
  client_.call_or_disconnect([&] {
    std::string line;
    append_push(line, channel, how);
    subscriptions_.remove(channel);
    client_.transport().push(line);
  });
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
