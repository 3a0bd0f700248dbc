// The commands about rooms.

#include "application/room_access.hpp"
#include "centrifuge/client.hpp"
#include "centrifuge/codes.hpp"
#include "centrifuge/push_encoder.hpp"
#include "centrifuge/recovery.hpp"

#include <coroom/log.hpp>
#include <coroom/room_name.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

std::shared_ptr<const Encoder> encoder(bool with_joins) {
  static const auto without = std::make_shared<const PushEncoder>(false);
  static const auto with = std::make_shared<const PushEncoder>(true);
  return with_joins ? with : without;
}

HistoryFilter filter_of(const HistoryRequest& request) {
  const std::size_t limit =
      request.limit < 0 ? recovery_limit : std::min(static_cast<std::size_t>(request.limit), recovery_limit);
  const auto since = request.since ? std::optional(request.since->offset) : std::nullopt;
  HistoryFilter filter(limit, since, request.reverse);
  return filter;
}

}  // namespace

task<> Client::handle(std::uint64_t id, SubscribeRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  co_await all_answered(request.channel);
  if (ended_) co_return;
  Subscription subscription;
  SubscriptionToken token;
  if (!request.token.empty()) {
    auto admitted = co_await admit(id, request.channel, request.token);
    if (!admitted) co_return;
    token = std::move(*admitted);
    subscription.token = token.trace;
  }
  if (const auto* error = refusal_to_subscribe(request)) co_return co_await refuse(id, *error);
  if (request.recover && !co_await may_reply(id)) co_return;
  subscription.client_info = client_info_;
  if (!token.info.empty()) {
    auto client_info = std::make_shared<ClientInfo>(*client_info_);
    client_info->chan_info = std::move(token.info);
    subscription.client_info = std::move(client_info);
  }
  const Room room = transport_.room(request.channel);
  const bool joins =
      room.options().join_leave && (request.join_leave || rules(request.channel).force_push_join_leave);
  JoinOptions how{.client_info = subscription.client_info, .encoder = encoder(joins), .paused = true};
  auto joined = co_await transport_.join(room, std::move(how));
  if (ended_) co_return;
  if (!joined) {
    note_limit(Counter::rooms_refused, "rooms");
    co_return co_await refuse(id, error::too_many_rooms);
  }
  subscription.membership = std::move(*joined);

  SubscribeResult result;
  const auto* error = co_await recover(request, subscription.membership, result);
  if (ended_) co_return;
  if (error != nullptr) co_return co_await refuse(id, *error);
  result.lifetime = lifetime_of(token.left);
  result.data = std::move(token.data);
  if (result.data.empty() && settings_.subscribe_data) {
    result.data = settings_.subscribe_data(request.channel, *client_info_);
  }
  const bool recovers = !result.publications.empty();
  std::string line = reply_line(id, result);
  result = {};
  if (!recovers) {
    co_await write(std::move(line));
  } else if (!co_await write_reply(id, std::move(line))) {
    co_return;
  }
  if (ended_) co_return;
  subscription.membership.resume();
  subscriptions_.emplace(request.channel, std::move(subscription));
  expires_after(token.left, request.channel);
  if (!request.token.empty()) on_revoked();  // the token may have been revoked during the waits above
}

task<const CentrifugeError*> Client::recover(const SubscribeRequest& request, const Membership& membership,
                                             SubscribeResult& result) {
  Room room = transport_.room(request.channel);
  const RoomRules ruled = rules(request.channel);
  const bool keeps = room.options().keeps_history();
  result.was_recovering = request.recover;
  result.recoverable = keeps && (ruled.force_recovery || request.recoverable || request.recover);
  result.positioned = keeps && (result.recoverable || ruled.force_positioning || request.positioned);
  if (result.positioned) {
    const auto top = membership.position();
    if (!top) co_return &error::internal;
    result.epoch = top->epoch;
    result.offset = top->offset;
    if (request.recover && may_recover(request.since, *top)) {
      std::vector<Publication> given;
      if (request.since.offset != top->offset) {
        auto history = co_await read_missed(room, request.since, *top);
        if (!history) co_return &error::internal;
        if (history->top.epoch == top->epoch)
          given = std::move(history->publications);  // else the history is of another epoch
      }
      if (auto all = missed(request.since, *top, std::move(given))) {
        result.recovered = true;
        result.offset = request.since.offset;
        result.publications = std::move(*all);
      }
    }
  }
  constexpr std::uint64_t fail_unless_recovered = 2;
  const bool failed = request.recover && !result.recovered && (request.flag & fail_unless_recovered) != 0;
  co_return failed ? &error::unrecoverable_position : nullptr;
}

task<Result<History>> Client::read_missed(Room room, Position since, Position top) {
  HistoryFilter filter{.limit = recovery_limit,
                       .since = since.offset,
                       .bytes = std::min(recovery_bytes, transport_.reply_room())};
  auto history = co_await room.history(filter);
  const bool is_cut = history && !history->publications.empty() && filter.bytes < recovery_bytes &&
                      history->publications.back().offset < top.offset;
  if (!is_cut || ended_) co_return history;
  // Publications of other rooms fill the queue meanwhile, and this reply needs all of its room.
  history = History();
  liveness_.set_busy(false);
  const bool may = co_await transport_.may_reply(recovery_bytes);
  liveness_.set_busy(true);
  if (!may) co_return failure("the reply limit is exceeded");
  filter.bytes = recovery_bytes;
  co_return co_await room.history(filter);
}

task<> Client::handle(std::uint64_t id, UnsubscribeRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  const auto found = subscriptions_.find(request.channel);
  if (found != subscriptions_.end()) subscriptions_.erase(found);
  co_await reply(id, UnsubscribeResult());
}

task<> Client::handle(std::uint64_t id, PublishRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  const auto place = co_await reserve(request.channel);
  if (!place) co_return;
  if (const auto* error = refusal_to_publish(request)) co_return answer(*place, error_line(id, *error));
  std::shared_ptr<const Revision> revision;
  if (settings_.on_publish) {
    auto verdict = co_await ask_program(request);
    if (ended_) co_return;
    if (!verdict) co_return answer(*place, error_line(id, verdict.error()));
    revision = std::move(*verdict);
    // The client may have lost its permission meanwhile.
    if (const auto* error = refusal_to_publish(request)) co_return answer(*place, error_line(id, *error));
  }
  if (const auto* error = refusal_to_speak(request.channel)) co_return answer(*place, error_line(id, *error));

  application::PublishCallback done = [weak = weak_from_this(), id,
                                       place = *place](const Result<Position>& kept) {
    const auto self = weak.lock();
    if (!self) return;
    self->or_end([&] {
      self->answer(place, kept ? reply_line(id, PublishResult()) : self->not_published(id, kept.error()));
    });
  };
  const auto found = subscriptions_.find(request.channel);
  Publication publication{.kind = Publication::Kind::json,  // valid and in one line: the command was parsed
                          .client_info = client_info_in(request.channel),
                          .data = std::move(request.data),
                          .revision = std::move(revision)};
  using application::RoomAccess;
  if (found != subscriptions_.end()) {
    co_await RoomAccess::publish(found->second.membership, std::move(publication), std::move(done));
  } else {
    const Room room = transport_.room(std::move(request.channel));
    co_await RoomAccess::publish(room, std::move(publication), std::move(done));
  }
}

std::string Client::not_published(std::uint64_t id, const Error& why) {
  if (why.code == Errc::too_fast) {
    note_limit(Counter::messages_refused, why.message);
    return error_line(id, error::too_many_requests);
  }
  transport_.counters().add(Counter::publications_failed);
  return error_line(id, error::internal);
}

task<CentrifugeVerdict> Client::ask_program(const PublishRequest& request) {
  CentrifugePublication publication{.client_info = client_info_in(request.channel),
                                    .room = transport_.room(request.channel),
                                    .data = request.data};
  auto verdict = co_await settings_.on_publish(std::move(publication));
  if (!verdict && verdict.error().code == error::too_many_requests.code)
    note_limit(Counter::messages_refused, "publications");
  co_return verdict;
}

SharedClientInfo Client::client_info_in(const std::string& channel) const {
  const auto found = subscriptions_.find(channel);
  return found != subscriptions_.end() ? found->second.client_info : client_info_;
}

task<> Client::handle(std::uint64_t id, PresenceRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  if (const auto* error = refusal_of_presence(request.channel)) co_return co_await refuse(id, *error);
  if (!co_await may_reply(id)) co_return;
  auto presence = co_await transport_.room(std::move(request.channel)).presence();
  std::string line = reply_line(id, PresenceResult{std::move(presence)});
  co_await write_reply(id, std::move(line));
}

task<> Client::handle(std::uint64_t id, PresenceStatsRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  if (const auto* error = refusal_of_presence(request.channel)) co_return co_await refuse(id, *error);
  const auto presence = co_await transport_.room(std::move(request.channel)).presence();
  co_await reply(id, PresenceStatsResult{presence->members.size(), presence->users});
}

task<> Client::handle(std::uint64_t id, HistoryRequest request) {
  if (request.channel.empty()) co_return co_await refuse_bad(id, "no channel");
  co_await all_answered(request.channel);
  if (ended_) co_return;
  const auto* error = refusal(rules(request.channel).history, request.channel);
  if (error != nullptr) co_return co_await refuse(id, *error);
  Room room = transport_.room(request.channel);
  if (!room.options().keeps_history()) co_return co_await refuse(id, error::not_available);
  const bool from_nowhere = request.reverse && request.since && request.since->offset == 0;
  if (from_nowhere) co_return co_await refuse(id, error::bad_request);
  HistoryFilter filter = filter_of(request);
  if (filter.limit != 0 && !co_await may_reply(id)) co_return;
  filter.bytes = std::min(recovery_bytes, transport_.reply_room());
  auto history = co_await room.history(filter);
  if (!history) co_return co_await refuse(id, error::internal);
  const bool other_life =
      request.since && !request.since->epoch.empty() && request.since->epoch != history->top.epoch;
  if (other_life) co_return co_await refuse(id, error::unrecoverable_position);
  std::string line = reply_line(id, HistoryResult{std::move(*history)});
  co_await write_reply(id, std::move(line));
}

RoomRules Client::rules(std::string_view channel) const {
  return settings_.rules && is_room_name(channel) ? settings_.rules(channel) : RoomRules();
}

const CentrifugeError* Client::refusal(const Permission& permission, const std::string& channel) {
  if (!is_room_name(channel)) return &error::bad_request;
  const bool subscribed = subscriptions_.contains(channel);
  if (!subscribed && settings_.check_room) {
    if (auto known = settings_.check_room(channel); !known) return &bad_room(std::move(known).error());
  }
  return permission.allows(client_info_->is_anonymous(), subscribed) ? nullptr : &error::permission_denied;
}

/// The reply stays valid until the next call.
const CentrifugeError& Client::bad_room(Error why) {
  bad_room_ = std::make_unique<const CentrifugeError>(
      CentrifugeError{.code = error::bad_request.code, .message = std::move(why.message)});
  return *bad_room_;
}

const CentrifugeError* Client::refusal_to_publish(const PublishRequest& request) {
  if (request.data.empty()) return &error::bad_request;
  return refusal(rules(request.channel).publish, request.channel);
}

/// Checked last: a publication that is refused for another reason must not count in slow mode.
const CentrifugeError* Client::refusal_to_speak(const std::string& channel) {
  using PublishDecision = Moderation::PublishDecision;
  if (const auto* error = refusal_of_another_room(channel)) return error;
  const PublishDecision decision =
      transport_.moderation().may_publish(*client_info_, channel, rules(channel).slow_mode);
  if (decision == PublishDecision::allowed) return nullptr;
  transport_.counters().add(Counter::publications_refused);
  return decision == PublishDecision::muted ? &error::permission_denied : &error::too_many_requests;
}

/// A publication to a room without members opens the room too, if the room keeps a history.
const CentrifugeError* Client::refusal_of_another_room(const std::string& channel) {
  if (subscriptions_.contains(channel) || transport_.room(channel).is_available()) return nullptr;
  note_limit(Counter::rooms_refused, "rooms");
  return &error::too_many_rooms;
}

void Client::note_limit(Counter count, std::string_view of) {
  transport_.counters().add(count);
  if (!std::exchange(limited_, true))
    logging::info("limit exceeded", {{"peer", client_info_->address}, {"limit", of}});
}

void Client::on_kick_from(const std::string& channel) {
  if (subscriptions_.contains(channel)) drop(channel, unsubscribe::by_server);
}

const CentrifugeError* Client::refusal_of_presence(const std::string& channel) {
  if (const auto* error = refusal(rules(channel).presence, channel)) return error;
  return transport_.room(channel).options().presence ? nullptr : &error::not_available;
}

const CentrifugeError* Client::refusal_to_subscribe(const SubscribeRequest& request) {
  const std::string& channel = request.channel;
  // The issuer of a subscription token has already granted access.
  const Permission permission =
      request.token.empty() ? rules(channel).subscribe : Permission{.client = true, .anonymous = true};
  if (const auto* error = refusal(permission, channel)) return error;
  if (subscriptions_.contains(channel)) return &error::already_subscribed;
  if (subscriptions_.size() < settings_.max_subscriptions) return nullptr;
  note_limit(Counter::subscriptions_refused, "subscriptions");
  return &error::limit_exceeded;
}

}  // namespace coroom::detail::centrifuge
