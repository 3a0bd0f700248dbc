#include "centrifuge/client.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/push_encoder.hpp"
#include "centrifuge/recovery.hpp"
#include "core/log.hpp"
#include "room/room_name.hpp"

#include <coroom/version.hpp>

#include <boost/asio/post.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace coroom::centrifuge {
namespace {

// Publications of one client that wait to be kept; then it is read no further.
constexpr std::size_t pending_limit = 1024;

const PushEncoder encoder(false);
const PushEncoder encoder_with_joins(true);

/// In the whole seconds that the protocol has.
std::uint32_t seconds(std::chrono::milliseconds time) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(time).count());
}

Lifetime lifetime_of(const std::optional<std::chrono::milliseconds>& left) {
  return {left ? seconds(*left) : 0};
}

HistoryFilter filter_of(const HistoryRequest& request) {
  const std::size_t limit =
      request.limit < 0 ? recovery_limit : std::min(static_cast<std::size_t>(request.limit), recovery_limit);
  const auto since = request.since ? std::optional(request.since->offset) : std::nullopt;
  return HistoryFilter(limit, since, request.reverse);
}

template <class Reply>
std::string reply_line(std::uint32_t id, const Reply& reply) {
  std::string line;
  append_reply(line, id, reply);
  return line;
}

std::string error_line(std::uint32_t id, const ErrorReply& error) {
  std::string line;
  append_error(line, id, error);
  return line;
}

}  // namespace

Client::Client(Link& link, const CentrifugeSettings& settings, SharedAuthor self,
               const boost::asio::any_io_executor& executor)
    : link_(link),
      settings_(settings),
      executor_(executor),
      author_(std::move(self)),
      liveness_(
          executor, settings, [this] { link_.push("{}"); },
          [this](const Disconnect& why) { disconnect(why); }) {}

task<> Client::on_frame(std::string frame) {
  liveness_.set_busy(true);
  CommandReader reader(frame);
  while (auto command = reader.next()) {
    if (!*command) {
      link_.counters().add(Count::protocol_errors);
      log::info("centrifuge violation", {{"peer", author_->address}, {"cause", command->error().message}});
      co_return disconnect(disconnect::bad_request);
    }
    co_await handle(std::move(**command));
    if (ended_ || !connected_) co_return;  // whoever may not connect is told so once
  }
  liveness_.set_busy(false);
}

void Client::end() {
  ended_ = true;
  liveness_.stop();
  expiry_.reset();
  subscriptions_.clear();
  answered_.notify();
}

void Client::disconnect(const Disconnect& why) {
  if (ended_) return;
  end();  // at once: a client that is lost may take long to be closed, and is in no room meanwhile
  link_.close(why);
}

task<> Client::handle(Command command) {
  const bool first = std::holds_alternative<ConnectRequest>(command.request);
  if (first == connected_) co_return disconnect(disconnect::bad_request);
  const bool waits = !std::holds_alternative<PublishRequest>(command.request) &&
                     !std::holds_alternative<Pong>(command.request);
  if (waits) co_await all_answered();
  if (ended_) co_return;
  co_await std::visit([this, &command](auto& request) { return handle(command.id, std::move(request)); },
                      command.request);
}

task<> Client::handle(std::uint32_t /*id*/, Pong /*request*/) {
  if (!liveness_.pong()) disconnect(disconnect::bad_request);
  co_return;
}

task<> Client::handle(std::uint32_t id, ConnectRequest request) {
  ConnectionToken token;
  if (!request.token.empty()) {
    auto admitted = co_await admit(id, std::move(request.token), false);
    if (!admitted) co_return;
    token = std::move(*admitted);
    auto author = std::make_shared<Author>(*author_);
    author->user = std::move(token.user);
    author->conn_info = std::move(token.info);
    author_ = std::move(author);
  } else if (!settings_.anonymous) {
    note_refused("there is none");
    co_return disconnect(disconnect::bad_request);
  }
  connected_ = true;
  expires_after(token.left);
  ConnectResult result;
  result.lifetime = lifetime_of(token.left);
  result.client = boost::uuids::to_string(author_->client);
  result.version = COROOM_VERSION;
  link_.introduce(result);
  if (link_.wants_pings()) {
    result.ping = seconds(settings_.ping_interval);
    result.pong = result.ping != 0;
    liveness_.connected();
  } else {
    liveness_.stop();
  }
  co_await reply(id, std::move(result));
}

task<> Client::handle(std::uint32_t id, SubscribeRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  SubscriptionToken token;
  if (!request.token.empty()) {
    auto admitted = co_await admit(id, request.channel, request.token);
    if (!admitted) co_return;
    token = std::move(*admitted);
  }
  if (const auto* error = refusal_to_subscribe(request)) co_return co_await refuse(id, *error);
  Subscription subscription;
  subscription.author = author_;
  if (!token.info.empty()) {
    auto author = std::make_shared<Author>(*author_);
    author->chan_info = std::move(token.info);
    subscription.author = std::move(author);
  }
  const Room room = link_.room(request.channel);
  const bool joins =
      room.options().join_leave && (request.join_leave || rules(request.channel).force_push_join_leave);
  JoinOptions how(subscription.author, joins ? &encoder_with_joins : &encoder, true);
  subscription.seat = co_await link_.join(room, std::move(how));
  if (ended_) co_return;

  SubscribeResult result;
  const auto* error = co_await recover(request, subscription.seat, result);
  if (ended_) co_return;
  if (error != nullptr) co_return co_await refuse(id, *error);
  result.lifetime = lifetime_of(token.left);
  result.data = std::move(token.data);
  co_await reply(id, std::move(result));
  if (ended_) co_return;
  subscription.seat.listen();
  subscriptions_.emplace(request.channel, std::move(subscription));
  expires_after(token.left, request.channel);
}

task<const ErrorReply*> Client::recover(const SubscribeRequest& request, const Seat& seat,
                                        SubscribeResult& result) {
  Room room = link_.room(request.channel);
  const RoomRules& ruled = rules(request.channel);
  const bool keeps = room.options().keeps_history();
  result.was_recovering = request.recover;
  result.recoverable = keeps && (ruled.force_recovery || request.recoverable || request.recover);
  result.positioned = keeps && (result.recoverable || ruled.force_positioning || request.positioned);
  if (result.positioned) {
    const auto top = seat.position();
    if (!top) co_return &error::internal;
    result.epoch = top->epoch;
    result.offset = top->offset;
    if (request.recover && may_recover(request.since, *top)) {
      std::vector<Publication> given;
      if (request.since.offset != top->offset) {
        const HistoryFilter filter(recovery_limit, request.since.offset);
        auto history = co_await room.history(filter);
        if (!history) co_return &error::internal;
        given = std::move(history->publications);
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

task<> Client::handle(std::uint32_t id, UnsubscribeRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  const auto found = subscriptions_.find(request.channel);
  if (found != subscriptions_.end()) subscriptions_.erase(found);
  co_await reply(id, UnsubscribeResult());
}

task<> Client::handle(std::uint32_t id, PublishRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  while (pending_.size() == pending_limit && !ended_) co_await answered_.wait();
  if (ended_) co_return;
  const PendingReplies::Place place = pending_.reserve();
  const auto* error = refusal(rules(request.channel).publish, request.channel);
  if (request.data.empty()) error = &error::bad_request;
  if (error != nullptr) co_return answer(place, error_line(id, *error));

  Published done = [weak = weak_from_this(), id, place](const Result<Position>& kept) {
    const auto self = weak.lock();
    if (!self) return;
    self->answer(place, kept ? reply_line(id, PublishResult()) : error_line(id, error::internal));
  };
  const auto found = subscriptions_.find(request.channel);
  const bool subscribed = found != subscriptions_.end();
  Publication publication(Publication::Kind::json, subscribed ? found->second.author : author_,
                          std::move(request.data));
  if (subscribed) {
    co_await found->second.seat.publish(std::move(publication), std::move(done));
  } else {
    co_await link_.room(std::move(request.channel)).publish(std::move(publication), std::move(done));
  }
}

task<> Client::handle(std::uint32_t id, PresenceRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  if (const auto* error = refusal_of_presence(request.channel)) co_return co_await refuse(id, *error);
  const auto presence = co_await link_.room(std::move(request.channel)).presence();
  co_await reply(id, PresenceResult{presence});
}

task<> Client::handle(std::uint32_t id, PresenceStatsRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  if (const auto* error = refusal_of_presence(request.channel)) co_return co_await refuse(id, *error);
  const auto presence = co_await link_.room(std::move(request.channel)).presence();
  co_await reply(id, PresenceStatsResult{presence->members.size(), presence->users});
}

task<> Client::handle(std::uint32_t id, HistoryRequest request) {
  if (request.channel.empty()) co_return disconnect(disconnect::bad_request);
  const auto* error = refusal(rules(request.channel).history, request.channel);
  if (error != nullptr) co_return co_await refuse(id, *error);
  Room room = link_.room(request.channel);
  if (!room.options().keeps_history()) co_return co_await refuse(id, error::not_available);
  const bool from_nowhere = request.reverse && request.since && request.since->offset == 0;
  if (from_nowhere) co_return co_await refuse(id, error::bad_request);
  auto history = co_await room.history(filter_of(request));
  if (!history) co_return co_await refuse(id, error::internal);
  const bool other_life =
      request.since && !request.since->epoch.empty() && request.since->epoch != history->top.epoch;
  if (other_life) co_return co_await refuse(id, error::unrecoverable_position);
  co_await reply(id, HistoryResult{std::move(*history)});
}

task<> Client::handle(std::uint32_t id, RefreshRequest request) {
  if (!settings_.tokens) co_return co_await refuse(id, error::not_available);
  if (request.token.empty()) co_return disconnect(disconnect::bad_request);
  const auto token = co_await admit(id, std::move(request.token), true);
  if (!token) co_return;
  expires_after(token->left);
  RefreshResult result;
  result.client = boost::uuids::to_string(author_->client);
  result.version = COROOM_VERSION;
  result.lifetime = lifetime_of(token->left);
  co_await reply(id, std::move(result));
}

task<> Client::handle(std::uint32_t id, SubRefreshRequest request) {
  if (!settings_.tokens) co_return co_await refuse(id, error::not_available);
  if (request.channel.empty() || request.token.empty()) co_return disconnect(disconnect::bad_request);
  if (!subscriptions_.contains(request.channel)) co_return co_await refuse(id, error::permission_denied);
  const auto token = co_await admit(id, request.channel, std::move(request.token));
  if (!token) co_return;
  expires_after(token->left, request.channel);
  co_await reply(id, SubRefreshResult{lifetime_of(token->left)});
}

task<> Client::handle(std::uint32_t id, RpcRequest request) {
  if (!settings_.on_rpc) co_return co_await refuse(id, error::not_available);
  CentrifugeCall call(author_, std::move(request.method), std::move(request.data));
  auto result = co_await settings_.on_rpc(std::move(call));
  if (ended_) co_return;
  if (!result) {
    const CentrifugeError& why = result.error();
    co_return co_await refuse(id, ErrorReply{why.code, why.message, why.temporary});
  }
  co_await reply(id, RpcResult{std::move(*result)});
}

task<> Client::handle(std::uint32_t /*id*/, SendRequest request) {
  if (!settings_.on_send) co_return disconnect(disconnect::not_available);
  CentrifugeCall call(author_, {}, std::move(request.data));
  co_await settings_.on_send(std::move(call));
}

task<> Client::handle(std::uint32_t id, PingRequest /*request*/) {
  return refuse(id, error::not_available);
}

task<std::optional<ConnectionToken>> Client::admit(std::uint32_t id, std::string token, bool refreshes) {
  auto said = settings_.tokens ? settings_.tokens->connection(token) : tl::unexpected(TokenFault::invalid);
  if (!said && said.error() == TokenFault::expired) {
    note_refused("expired");
    if (refreshes) {
      disconnect(disconnect::expired);
    } else {
      co_await refuse(id, error::token_expired);
    }
    co_return std::nullopt;
  }
  const bool fits = said && (!refreshes || said->user == author_->user);
  if (fits) co_return std::move(*said);
  note_refused(said ? "of another user" : "invalid");
  disconnect(disconnect::invalid_token);
  co_return std::nullopt;
}

task<std::optional<SubscriptionToken>> Client::admit(std::uint32_t id, std::string channel,
                                                     std::string token) {
  auto said = settings_.tokens ? settings_.tokens->subscription(token) : tl::unexpected(TokenFault::invalid);
  if (!said) {
    const bool expired = said.error() == TokenFault::expired;
    note_refused(expired ? "expired" : "invalid");
    co_await refuse(id, expired ? error::token_expired : error::permission_denied);
    co_return std::nullopt;
  }
  const bool fits = said->channel == channel && said->user == author_->user &&
                    (said->client.empty() || said->client == boost::uuids::to_string(author_->client));
  if (fits) co_return std::move(*said);
  note_refused("of another room, user or connection");
  disconnect(disconnect::invalid_token);
  co_return std::nullopt;
}

void Client::note_refused(std::string_view cause) {
  link_.counters().add(Count::tokens_refused);
  log::info("token refused", {{"peer", author_->address}, {"cause", cause}});
}

void Client::expires_after(const Left& left) {
  expiry_.reset();
  if (!left) return;
  expiry_ = std::make_unique<Deadline>(executor_, [this] { disconnect(disconnect::expired); });
  expiry_->expires_after(*left + settings_.refresh_grace);
}

void Client::expires_after(const Left& left, const std::string& channel) {
  const auto found = subscriptions_.find(channel);
  if (found == subscriptions_.end()) return;
  auto& expiry = found->second.expiry;
  expiry.reset();
  if (!left) return;
  expiry = std::make_unique<Deadline>(executor_, [this, channel] { expire(channel); });
  expiry->expires_after(*left + settings_.refresh_grace);
}

void Client::expire(const std::string& channel) {
  std::string line;
  append_push(line, channel, unsubscribe::expired);
  subscriptions_.erase(subscriptions_.find(channel));  // and with it what called this
  link_.push(line);
}

const RoomRules& Client::rules(std::string_view channel) const {
  static const RoomRules usual;
  return settings_.rules ? settings_.rules(channel) : usual;
}

const ErrorReply* Client::refusal(const Permission& permission, const std::string& channel) const {
  if (!room::is_room_name(channel)) return &error::bad_request;
  const bool subscribed = subscriptions_.contains(channel);
  return permission.allows(author_->user.empty(), subscribed) ? nullptr : &error::permission_denied;
}

const ErrorReply* Client::refusal_of_presence(const std::string& channel) const {
  if (const auto* error = refusal(rules(channel).presence, channel)) return error;
  return link_.room(channel).options().presence ? nullptr : &error::not_available;
}

const ErrorReply* Client::refusal_to_subscribe(const SubscribeRequest& request) const {
  const std::string& channel = request.channel;
  // Whoever made the token for it has decided who may enter.
  const Permission permission =
      request.token.empty() ? rules(channel).subscribe : Permission{.client = true, .anonymous = true};
  if (const auto* error = refusal(permission, channel)) return error;
  if (subscriptions_.contains(channel)) return &error::already_subscribed;
  return subscriptions_.size() >= settings_.max_subscriptions ? &error::limit_exceeded : nullptr;
}

void Client::answer(PendingReplies::Place place, std::string line) {
  if (ended_) return;
  pending_.fill(place, std::move(line));
  if (std::exchange(answering_, true)) return;
  // What a broker has kept together is answered in one frame.
  boost::asio::post(executor_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->send_answers();
  });
}

void Client::send_answers() {
  answering_ = false;
  if (ended_) return;
  const std::string ready = pending_.take();
  if (ready.empty()) return;
  link_.push(ready);
  answered_.notify();
}

task<> Client::all_answered() {
  while (pending_.size() != 0 && !ended_) co_await answered_.wait();
}

/// Whether it waits is for the client to say.
task<> Client::write(std::string line) {
  liveness_.set_busy(false);
  co_await link_.write(std::move(line));
  liveness_.set_busy(true);
}

task<> Client::refuse(std::uint32_t id, const ErrorReply& error) {
  return write(error_line(id, error));
}

template <class Result>
task<> Client::reply(std::uint32_t id, Result result) {
  return write(reply_line(id, result));
}

}  // namespace coroom::centrifuge
