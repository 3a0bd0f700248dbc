#include "model/sdk_client.hpp"

#include "model/tally.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace coroom::model {
namespace {

namespace json = boost::json;
using State = SubscriptionModel::State;

constexpr int temporary_error = 100;

}  // namespace

SdkClient::SdkClient(std::string name, Subscribes subscribes, Storage& storage)
    : name_(std::move(name)), subscribes_(subscribes), storage_(storage) {
  for (const char* room : rooms) subscriptions_.try_emplace(room, room, storage);
}

void SdkClient::connect(SimulatedServer& server, std::size_t shard, bool joins) {
  using detail::centrifuge::Encoding;
  const Encoding encoding = server.chance.percent(50) ? Encoding::protobuf : Encoding::json;
  connection_ = std::make_shared<SimulatedConnection>(server, shard, encoding, *this);
  send_connect(joins);
}

/// After an error of the server, the client tries again, as an SDK does by another connection.
void SdkClient::send_connect(bool joins) {
  const bool is_served = subscribes_ == Subscribes::by_the_server;
  SubscriptionModel& served = subscriptions_.at(rooms.front());
  Object request;
  if (is_served) {
    request["token"] = server_side_token;
    Object position;
    add_position(served, position);
    request["subs"] = Object{{rooms.front(), std::move(position)}};
    served.asked();
  }
  const auto on_reply = [this, is_served, joins, &served](const Object& reply, int error) {
    if (error == temporary_error && is_served) {
      forget_commands();
      return send_connect(joins);
    }
    if (error != 0) throw InvariantViolation{"could not connect"};
    if (is_served) served.subscribed(reply.at("subs").at(rooms.front()).as_object());
  };
  std::string frame = command("connect", std::move(request), on_reply);
  for (auto& [room, subscription] : subscriptions_) {
    if (subscription.position() && !(is_served && room == rooms.front()))
      frame += '\n' + subscribe(subscription, room, joins);
  }
  connection_->send(frame);
}

void SdkClient::add_position(const SubscriptionModel& subscription, Object& request) {
  if (!subscription.position()) return;
  request["recover"] = true;
  request["offset"] = subscription.position()->offset;
  request["epoch"] = subscription.position()->epoch;
}

void SdkClient::toggle(const std::string& room, bool joins) {
  SubscriptionModel& subscription = subscriptions_.at(room);
  if (subscription.state() == State::idle) {
    connection_->send(subscribe(subscription, room, joins));
  } else if (subscription.state() == State::active) {
    subscription.leaving();
    connection_->send(command("unsubscribe", {{"channel", room}}, [&subscription](const Object&, int error) {
      if (error != 0) throw InvariantViolation{"could not unsubscribe"};
      subscription.left();
    }));
  }
}

void SdkClient::publish(const std::string& room) {
  if (!is_subscribed(room)) return;
  const json::string data(name_ + '-' + std::to_string(++published_));
  const auto on_reply = [this, room, id = last_id_ + 1, text = json::serialize(data)](
                            const Object&, int error) { acknowledged(room, id, text, error); };
  connection_->send(command("publish", {{"channel", room}, {"data", data}}, on_reply));
}

void SdkClient::request_presence(const std::string& room) {
  if (!is_subscribed(room)) return;
  connection_->send(command("presence", {{"channel", room}}, [this, room](const Object& reply, int error) {
    if (error != 0) throw InvariantViolation{"could not read the presence"};
    std::set<std::string>& members = presence_[room];
    members.clear();
    for (const auto& [client, info] : reply.at("presence").as_object()) members.emplace(client);
  }));
}

void SdkClient::request_history(const std::string& room) {
  if (!is_subscribed(room) || !options_of(room).keeps_history()) return;
  const auto on_reply = [this, room](const Object& reply, int error) {
    if (error == temporary_error) return;
    const auto& log = storage_.log[room];
    for (const json::value& publication : reply.at("publications").as_array()) {
      const auto offset = publication.at("offset").to_number<std::size_t>();
      if (offset > log.size() || log[offset - 1] != json::serialize(publication.at("data")))
        throw InvariantViolation{room + ": the history differs from what was stored"};
    }
  };
  connection_->send(command("history", {{"channel", room}, {"limit", -1}}, on_reply));
}

std::shared_ptr<SimulatedConnection> SdkClient::cut() {
  auto connection = connection_;
  connection->cut();
  forget_connection();
  return connection;
}

void SdkClient::check_received() const {
  if (!fault_.empty()) throw InvariantViolation{fault_};
}

void SdkClient::check_complete() const {
  check_received();
  if (!is_connected()) return;
  if (!waiting_.empty()) throw InvariantViolation{name_ + ": a command got no reply"};
  for (const auto& [room, subscription] : subscriptions_) {
    if (subscription.state() == State::active) subscription.check_complete();
  }
}

bool SdkClient::is_subscribed(const std::string& room) const {
  return is_connected() && subscriptions_.at(room).state() == State::active;
}

void SdkClient::receive(std::string_view line) {
  if (!fault_.empty()) return;
  try {
    take(json::parse(json::string_view(line.data(), line.size())).as_object());
  } catch (const InvariantViolation& violation) {
    fault_ = violation.what;
  } catch (const std::exception& exception) {
    fault_ = std::string(line) + ": " + exception.what();
  }
}

void SdkClient::take(const Object& message) {
  if (const json::value* id = message.if_contains("id")) {
    const auto number = id->to_number<std::uint64_t>();
    if (number <= forgotten_) return;
    if (!waiting_.contains(number)) throw InvariantViolation{name_ + ": a reply to no command"};
    const OnReply on_reply = std::move(waiting_.extract(number).mapped());
    const json::value* error = message.if_contains("error");
    if (error != nullptr) return on_reply({}, error->at("code").to_number<int>());
    const auto result = std::ranges::find_if(message, [](const auto& field) { return field.key() != "id"; });
    return on_reply(result->value().as_object(), 0);
  }
  const Object& push = message.at("push").as_object();
  SubscriptionModel& subscription = subscriptions_.at(std::string(push.at("channel").as_string()));
  if (const json::value* publication = push.if_contains("pub"))
    subscription.published(publication->as_object());
  if (const json::value* join = push.if_contains("join"))
    subscription.member_joined(join->at("info").as_object());
  if (const json::value* leave = push.if_contains("leave"))
    subscription.member_left(leave->at("info").as_object());
}

void SdkClient::closed() {
  forget_connection();
}

std::string SdkClient::command(std::string_view method, Object request, OnReply on_reply) {
  waiting_.emplace(++last_id_, std::move(on_reply));
  return json::serialize(
      Object{{"id", last_id_}, {json::string_view(method.data(), method.size()), std::move(request)}});
}

std::string SdkClient::subscribe(SubscriptionModel& subscription, const std::string& room, bool joins) {
  Object request{{"channel", room}, {"join_leave", joins}};
  add_position(subscription, request);
  subscription.asked();
  return command("subscribe", std::move(request), [&subscription](const Object& reply, int error) {
    if (error != 0 && error != temporary_error) throw InvariantViolation{"could not subscribe"};
    if (error == 0) return subscription.subscribed(reply);
    subscription.interrupted();
  });
}

void SdkClient::acknowledged(const std::string& room, std::uint64_t id, const std::string& data, int error) {
  if (id <= std::exchange(last_acknowledged_[room], id))
    throw InvariantViolation{room + ": publications are acknowledged out of order"};
  if (!options_of(room).keeps_history()) {
    if (error != 0) throw InvariantViolation{room + ": rejected a publication that needs no storage"};
    return;
  }
  const auto& log = storage_.log[room];
  const auto kept = std::ranges::find(log, data);
  if (error == 0) {
    if (kept == log.end()) throw InvariantViolation{room + ": acknowledged, but not stored"};
    const auto offset = static_cast<std::size_t>(kept - log.begin()) + 1;
    if (std::find(kept + 1, log.end(), data) != log.end()) throw InvariantViolation{room + ": stored twice"};
    if (offset <= last_kept_[room])
      throw InvariantViolation{room + ": stored in another order than it was published"};
    last_kept_[room] = offset;
    ++tally.acknowledged;
  } else if (error != temporary_error || kept != log.end()) {
    throw InvariantViolation{room + ": an error for a stored publication"};
  } else {
    ++tally.rejected;
  }
}

void SdkClient::forget_connection() {
  connection_.reset();
  forget_commands();
}

void SdkClient::forget_commands() {
  forgotten_ = last_id_;
  waiting_.clear();
  last_kept_.clear();
  presence_.clear();
  for (auto& [room, subscription] : subscriptions_) {
    if (subscription.state() == State::leaving) {
      subscription.left();
    } else {
      subscription.interrupted();
    }
  }
}

}  // namespace coroom::model
