#include "centrifuge/server_subscriptions.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/encoded_reply.hpp"

#include <coroom/log.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

std::size_t bytes_of(const Publication& publication) {
  constexpr std::size_t of_fields = 128;
  std::size_t bytes = of_fields + publication.data.size();
  if (const ClientInfo* client_info = publication.client_info.get())
    bytes += client_info->conn_info.size() + client_info->chan_info.size();
  if (publication.tags)
    for (const auto& [key, value] : *publication.tags) bytes += key.size() + value.size();
  return bytes;
}

std::size_t bytes_of(const std::vector<Publication>& publications) {
  return std::transform_reduce(publications.begin(), publications.end(), std::size_t{0}, std::plus<>(),
                               [](const Publication& publication) { return bytes_of(publication); });
}

}  // namespace

task<Outcome<ServerSubscriptions::Results>> ServerSubscriptions::connect(Granted granted,
                                                                         RecoverRequests recover) {
  add_personal_room(granted);
  if (granted.size() > client_.settings().max_subscriptions) {
    client_.faults().note_limit(Counter::subscriptions_refused, "subscriptions");
    co_return tl::unexpected<CommandRefusal>(disconnect::channel_limit);
  }
  std::vector<Begun> all;
  std::size_t bytes = recovery_bytes;  // for all of them together, as they leave in one reply
  for (auto& [channel, subscription] : granted) {
    const auto asked = recover.find(channel);
    RecoverRequest position = asked == recover.end() ? RecoverRequest() : std::move(asked->second);
    auto begun = co_await open(channel, std::move(subscription), std::move(position), bytes);
    if (!begun) co_return tl::unexpected(std::move(begun).error());
    if (client_.has_ended()) co_return Results();
    bytes -= std::min(bytes, bytes_of(begun->result.state.publications));
    all.push_back(std::move(*begun));
  }
  Results results;
  for (Begun& begun : all) {
    std::string channel = begun.beginning.channel();
    if (begun.beginning.complete(std::move(begun.subscription)))
      results.emplace_back(std::move(channel), std::move(begun.result));
  }
  co_return results;
}

void ServerSubscriptions::give_up_recovery(Results& results) {
  for (auto& [channel, result] : results) {
    const Subscription* subscription = subscriptions_.find(channel);
    if (subscription == nullptr || !result.state.recovered) continue;
    result.state.recovered = false;
    result.state.publications.clear();
    result.state.position = subscription->membership.position().value_or(Position());
  }
}

void ServerSubscriptions::resume(const Results& results) {
  is_replied_ = true;
  for (const auto& [channel, result] : results) {
    if (Subscription* subscription = subscriptions_.find(channel)) {
      subscription->membership.resume();
    } else {
      client_.call_or_disconnect([&, &of = channel] {
        client_.transport().push(encoded_push(client_.encoding(), of, unsubscribe::by_server));
      });
    }
    if (client_.has_ended()) return;
  }
  const auto waiting = std::exchange(waiting_, nullptr);
  if (!waiting) return;
  for (const auto& call : *waiting) {
    if (client_.has_ended()) return;
    client_.call_or_disconnect(call);
  }
}

bool ServerSubscriptions::remove_before_reply(const std::string& channel) {
  if (!is_replied_) subscriptions_.remove(channel);
  return !is_replied_;
}

void ServerSubscriptions::call_when_connected(std::function<void()> call) {
  if (client_.has_ended()) return;
  if (is_replied_) return client_.call_or_disconnect(call);
  client_.call_or_disconnect([&] {
    if (!waiting_) waiting_ = std::make_unique<std::vector<std::function<void()>>>();
    waiting_->push_back(std::move(call));
  });
}

void ServerSubscriptions::subscribe(std::string channel, ServerSubscription subscription) {
  client_.transport().spawn(subscribe_now(std::move(channel), std::move(subscription)));
}

task<> ServerSubscriptions::subscribe_now(std::string channel, ServerSubscription subscription) {
  if (client_.has_ended() || subscriptions_.exists(channel)) co_return;
  if (subscriptions_.size() >= client_.settings().max_subscriptions)
    co_return client_.faults().note_limit(Counter::subscriptions_refused, "subscriptions");
  auto begun = co_await open(channel, std::move(subscription), {}, recovery_bytes);
  if (client_.has_ended()) co_return;
  if (!begun) {
    logging::warning("cannot subscribe a client",
                     {{"room", channel}, {"cause", std::get<ErrorReply>(begun.error()).error.message}});
    co_return;
  }
  SubscribePush push{.data = std::move(begun->result.data), .state = std::move(begun->result.state)};
  if (!begun->beginning.complete(std::move(begun->subscription))) co_return;
  client_.call_or_disconnect([&] {
    client_.transport().push(encoded_push(client_.encoding(), channel, push));
    if (Subscription* made = subscriptions_.find(channel))
      made->membership.resume();  // unless the queue is full
  });
}

task<Outcome<ServerSubscriptions::Begun>> ServerSubscriptions::open(std::string channel,
                                                                    ServerSubscription subscription,
                                                                    RecoverRequest position,
                                                                    std::size_t bytes) {
  if (auto known = permissions_.check_name(channel); !known)
    co_return tl::unexpected<CommandRefusal>(std::move(known).error());
  auto beginning = subscriptions_.begin(channel);
  SubscriptionOrder order;
  order.client_info = client_.client_info_with(std::move(subscription.info));
  order.overrides = subscription.overrides;
  order.bytes = bytes;
  order.request.channel = std::move(channel);
  order.request.recover = position.recover;
  order.request.since = std::move(position.since);
  SharedClientInfo client_info = order.client_info;
  auto opened = co_await subscriber_.open(std::move(order));
  if (!opened) co_return tl::unexpected<CommandRefusal>(std::move(opened).error());
  SubscribeResult result{{}, std::move(subscription.data), std::move(opened->state)};
  Subscription made{std::move(opened->membership), std::move(client_info), nullptr};
  co_return Begun{std::move(beginning), std::move(result), std::move(made)};
}

/// A user has no personal room if its ID does not fit into the name of one. With a `#` or a comma in the ID,
/// the name would list other users.
void ServerSubscriptions::add_personal_room(Granted& granted) const {
  const CentrifugeSettings& settings = client_.settings();
  const ClientInfo& client_info = *client_.client_info();
  if (!settings.personal_rooms || client_info.is_anonymous()) return;
  if (client_info.user.find_first_of("#,") != std::string::npos) return;
  std::string room = settings.personal_namespace;
  if (!room.empty()) room += ':';
  room.append("#").append(client_info.user);
  if (permissions_.check_name(room)) granted.try_emplace(std::move(room));
}

}  // namespace coroom::detail::centrifuge
