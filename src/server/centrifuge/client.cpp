#include "server/centrifuge/client.hpp"

#include "core/log.hpp"
#include "protocol/centrifuge_codes.hpp"
#include "protocol/centrifuge_encoder.hpp"
#include "server/centrifuge/recovery.hpp"
#include "server/room_name.hpp"

#include <coroom/version.hpp>

#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace coroom::server::centrifuge {
namespace {

constexpr std::size_t channel_limit = 128;  // of one client

// Publications of one client that wait to be kept; then it is read no further.
constexpr std::size_t pending_limit = 1024;

const wire::PushEncoder encoder(false);
const wire::PushEncoder encoder_with_joins(true);

/// In the whole seconds that the protocol has.
std::uint32_t seconds(std::chrono::milliseconds time) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(time).count());
}

HistoryFilter filter_of(const wire::HistoryRequest& request) {
  const std::size_t limit =
      request.limit < 0 ? recovery_limit : std::min(static_cast<std::size_t>(request.limit), recovery_limit);
  const auto since = request.since ? std::optional(request.since->offset) : std::nullopt;
  return HistoryFilter(limit, since, request.reverse);
}

template <class Reply>
std::string reply_line(std::uint32_t id, const Reply& reply) {
  std::string line;
  wire::append_reply(line, id, reply);
  return line;
}

std::string error_line(std::uint32_t id, const wire::ErrorReply& error) {
  std::string line;
  wire::append_error(line, id, error);
  return line;
}

}  // namespace

Client::Client(Link& link, Application& application, const Service& service,
               std::shared_ptr<const Author> self, const boost::asio::any_io_executor& executor)
    : link_(link),
      application_(application),
      service_(service),
      author_(std::move(self)),
      liveness_(
          executor, service.patience, [this] { link_.push("{}"); },
          [this](const Disconnect& why) { disconnect(why); }) {}

task<> Client::on_frame(std::string frame) {
  wire::CommandReader reader(frame);
  while (auto command = reader.next()) {
    if (!*command) {
      application_.counters().add(Count::protocol_errors);
      log::info("centrifuge violation", {{"peer", author_->address}, {"cause", command->error().message}});
      co_return disconnect(wire::disconnect::bad_request);
    }
    co_await handle(std::move(**command));
    if (ended_) co_return;
  }
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

task<> Client::handle(wire::Command command) {
  const bool first = std::holds_alternative<wire::ConnectRequest>(command.request);
  if (first == connected_) co_return disconnect(wire::disconnect::bad_request);
  const bool waits = !std::holds_alternative<wire::PublishRequest>(command.request) &&
                     !std::holds_alternative<wire::Pong>(command.request);
  if (waits) co_await all_answered();
  if (ended_) co_return;
  co_await std::visit([this, &command](auto& request) { return handle(command.id, std::move(request)); },
                      command.request);
}

task<> Client::handle(std::uint32_t /*id*/, wire::Pong /*request*/) {
  if (!liveness_.pong()) disconnect(wire::disconnect::bad_request);
  co_return;
}

task<> Client::handle(std::uint32_t id, wire::ConnectRequest request) {
  // There is no key to check it with.
  if (!request.token.empty()) co_return disconnect(wire::disconnect::invalid_token);
  connected_ = true;
  wire::ConnectResult result;
  result.client = boost::uuids::to_string(author_->client);
  result.version = COROOM_VERSION;
  link_.introduce(result);
  if (link_.wants_pings()) {
    result.ping = seconds(service_.patience.ping);
    result.pong = result.ping != 0;
    liveness_.connected();
  } else {
    liveness_.stop();
  }
  co_await reply(id, std::move(result));
}

task<> Client::handle(std::uint32_t id, wire::SubscribeRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  if (const auto* error = refusal_to_subscribe(request.channel)) co_return co_await refuse(id, *error);
  const RoomRules& rules = service_.namespaces->of(request.channel);
  const bool joins = rules.room.join_leave && (request.join_leave || rules.force_push_join_leave);
  JoinOptions how(author_, joins ? &encoder_with_joins : &encoder, true);
  Seat seat = co_await link_.join(application_.room(request.channel), std::move(how));
  if (ended_) co_return;

  wire::SubscribeResult result;
  const auto* error = co_await recover(request, seat, result);
  if (ended_) co_return;
  if (error != nullptr) co_return co_await refuse(id, *error);
  co_await reply(id, std::move(result));
  if (ended_) co_return;
  seat.listen();
  subscriptions_.emplace(std::move(request.channel), std::move(seat));
}

task<const wire::ErrorReply*> Client::recover(const wire::SubscribeRequest& request, const Seat& seat,
                                              wire::SubscribeResult& result) {
  const RoomRules& rules = service_.namespaces->of(request.channel);
  result.was_recovering = request.recover;
  const bool keeps = rules.room.keeps_history();
  result.recoverable = keeps && (rules.force_recovery || request.recoverable || request.recover);
  result.positioned = keeps && (result.recoverable || rules.force_positioning || request.positioned);
  if (result.positioned) {
    const auto top = seat.position();
    if (!top) co_return &wire::error::internal;
    result.epoch = top->epoch;
    result.offset = top->offset;
    if (request.recover && may_recover(request.since, *top)) {
      std::vector<Publication> given;
      if (request.since.offset != top->offset) {
        const HistoryFilter filter(recovery_limit, request.since.offset);
        auto history = co_await application_.room(request.channel).history(filter);
        if (!history) co_return &wire::error::internal;
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
  co_return failed ? &wire::error::unrecoverable_position : nullptr;
}

task<> Client::handle(std::uint32_t id, wire::UnsubscribeRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  const auto found = subscriptions_.find(request.channel);
  if (found != subscriptions_.end()) subscriptions_.erase(found);
  co_await reply(id, wire::UnsubscribeResult());
}

task<> Client::handle(std::uint32_t id, wire::PublishRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  while (pending_.size() == pending_limit && !ended_) co_await answered_.wait();
  if (ended_) co_return;
  const PendingReplies::Place place = pending_.reserve();
  const auto* error = refusal(service_.namespaces->of(request.channel).publish, request.channel);
  if (request.data.empty()) error = &wire::error::bad_request;
  if (error != nullptr) co_return answer(place, error_line(id, *error));

  Publication publication(Publication::Kind::json, author_, std::move(request.data));
  Published done = [weak = weak_from_this(), id, place](const Result<Position>& kept) {
    const auto self = weak.lock();
    if (!self) return;
    self->answer(place, kept ? reply_line(id, wire::PublishResult()) : error_line(id, wire::error::internal));
  };
  const auto found = subscriptions_.find(request.channel);
  if (found != subscriptions_.end()) {
    co_await found->second.publish(std::move(publication), std::move(done));
  } else {
    co_await application_.room(std::move(request.channel)).publish(std::move(publication), std::move(done));
  }
}

task<> Client::handle(std::uint32_t id, wire::PresenceRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  const RoomRules& rules = service_.namespaces->of(request.channel);
  if (const auto* error = refusal(rules.presence, request.channel)) co_return co_await refuse(id, *error);
  if (!rules.room.presence) co_return co_await refuse(id, wire::error::not_available);
  const auto presence = co_await application_.room(std::move(request.channel)).presence();
  co_await reply(id, wire::PresenceResult{presence});
}

task<> Client::handle(std::uint32_t id, wire::PresenceStatsRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  const RoomRules& rules = service_.namespaces->of(request.channel);
  if (const auto* error = refusal(rules.presence, request.channel)) co_return co_await refuse(id, *error);
  if (!rules.room.presence) co_return co_await refuse(id, wire::error::not_available);
  const auto presence = co_await application_.room(std::move(request.channel)).presence();
  co_await reply(id, wire::PresenceStatsResult{presence->members.size(), presence->users()});
}

task<> Client::handle(std::uint32_t id, wire::HistoryRequest request) {
  if (request.channel.empty()) co_return disconnect(wire::disconnect::bad_request);
  const RoomRules& rules = service_.namespaces->of(request.channel);
  if (const auto* error = refusal(rules.history, request.channel)) co_return co_await refuse(id, *error);
  if (!rules.room.keeps_history()) co_return co_await refuse(id, wire::error::not_available);
  const bool from_nowhere = request.reverse && request.since && request.since->offset == 0;
  if (from_nowhere) co_return co_await refuse(id, wire::error::bad_request);
  auto history = co_await application_.room(request.channel).history(filter_of(request));
  if (!history) co_return co_await refuse(id, wire::error::internal);
  const bool other_life =
      request.since && !request.since->epoch.empty() && request.since->epoch != history->top.epoch;
  if (other_life) co_return co_await refuse(id, wire::error::unrecoverable_position);
  co_await reply(id, wire::HistoryResult{std::move(*history)});
}

// Nothing expires where there are no tokens.
task<> Client::handle(std::uint32_t id, wire::RefreshRequest /*request*/) {
  return refuse(id, wire::error::not_available);
}

task<> Client::handle(std::uint32_t id, wire::SubRefreshRequest /*request*/) {
  return refuse(id, wire::error::not_available);
}

task<> Client::handle(std::uint32_t id, wire::RpcRequest /*request*/) {
  return refuse(id, wire::error::not_available);
}

task<> Client::handle(std::uint32_t /*id*/, wire::SendRequest /*request*/) {
  disconnect(wire::disconnect::not_available);
  co_return;
}

task<> Client::handle(std::uint32_t id, wire::PingRequest /*request*/) {
  return refuse(id, wire::error::not_available);
}

const wire::ErrorReply* Client::refusal(const Permission& permission, const std::string& channel) const {
  if (!is_room_name(channel)) return &wire::error::bad_request;
  const bool subscribed = subscriptions_.contains(channel);
  return permission.allows(author_->user.empty(), subscribed) ? nullptr : &wire::error::permission_denied;
}

const wire::ErrorReply* Client::refusal_to_subscribe(const std::string& channel) const {
  if (const auto* error = refusal(service_.namespaces->of(channel).subscribe, channel)) return error;
  if (subscriptions_.contains(channel)) return &wire::error::already_subscribed;
  return subscriptions_.size() >= channel_limit ? &wire::error::limit_exceeded : nullptr;
}

void Client::answer(PendingReplies::Place place, std::string line) {
  if (ended_) return;
  pending_.fill(place, std::move(line));
  const std::string ready = pending_.take();
  if (ready.empty()) return;
  link_.push(ready);
  answered_.notify();
}

task<> Client::all_answered() {
  while (pending_.size() != 0 && !ended_) co_await answered_.wait();
}

task<> Client::refuse(std::uint32_t id, const wire::ErrorReply& error) {
  return link_.write(error_line(id, error));
}

template <class Result>
task<> Client::reply(std::uint32_t id, Result result) {
  return link_.write(reply_line(id, result));
}

}  // namespace coroom::server::centrifuge
