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
    if (ended_) co_return;
  }
  liveness_.set_busy(false);
}

void Client::end() {
  ended_ = true;
  liveness_.stop();
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
  // There is no key to check it with.
  if (!request.token.empty()) co_return disconnect(disconnect::invalid_token);
  connected_ = true;
  ConnectResult result;
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
  if (const auto* error = refusal_to_subscribe(request.channel)) co_return co_await refuse(id, *error);
  const Room room = link_.room(request.channel);
  const bool joins =
      room.options().join_leave && (request.join_leave || rules(request.channel).force_push_join_leave);
  JoinOptions how(author_, joins ? &encoder_with_joins : &encoder, true);
  Seat seat = co_await link_.join(room, std::move(how));
  if (ended_) co_return;

  SubscribeResult result;
  const auto* error = co_await recover(request, seat, result);
  if (ended_) co_return;
  if (error != nullptr) co_return co_await refuse(id, *error);
  co_await reply(id, std::move(result));
  if (ended_) co_return;
  seat.listen();
  subscriptions_.emplace(std::move(request.channel), std::move(seat));
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

  Publication publication(Publication::Kind::json, author_, std::move(request.data));
  Published done = [weak = weak_from_this(), id, place](const Result<Position>& kept) {
    const auto self = weak.lock();
    if (!self) return;
    self->answer(place, kept ? reply_line(id, PublishResult()) : error_line(id, error::internal));
  };
  const auto found = subscriptions_.find(request.channel);
  if (found != subscriptions_.end()) {
    co_await found->second.publish(std::move(publication), std::move(done));
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

// Nothing expires where there are no tokens.
task<> Client::handle(std::uint32_t id, RefreshRequest /*request*/) {
  return refuse(id, error::not_available);
}

task<> Client::handle(std::uint32_t id, SubRefreshRequest /*request*/) {
  return refuse(id, error::not_available);
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

const ErrorReply* Client::refusal_to_subscribe(const std::string& channel) const {
  if (const auto* error = refusal(rules(channel).subscribe, channel)) return error;
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
