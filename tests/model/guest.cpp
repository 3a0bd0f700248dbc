#include "model/guest.hpp"

#include "model/tally.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace coroom::model {
namespace {

namespace json = boost::json;
using State = Subscription::State;

constexpr int temporary = 100;

}  // namespace

Guest::Guest(std::string name, Storage& storage) : name_(std::move(name)), storage_(storage) {
  for (const char* room : rooms) subscriptions_.try_emplace(room, room, storage);
}

void Guest::connect(Server& server, std::size_t shard, bool joins) {
  connection_ = std::make_shared<Connection>(server, shard, *this);
  std::string frame = command("connect", {}, [](const Object&, int error) {
    if (error != 0) throw Violation{"could not connect"};
  });
  for (auto& [room, subscription] : subscriptions_) {
    if (subscription.position()) frame += '\n' + subscribe(subscription, room, joins);
  }
  connection_->send(std::move(frame));
}

void Guest::toggle(const std::string& room, bool joins) {
  Subscription& subscription = subscriptions_.at(room);
  if (subscription.state() == State::idle) {
    connection_->send(subscribe(subscription, room, joins));
  } else if (subscription.state() == State::active) {
    subscription.leaving();
    connection_->send(command("unsubscribe", {{"channel", room}}, [&subscription](const Object&, int error) {
      if (error != 0) throw Violation{"could not unsubscribe"};
      subscription.left();
    }));
  }
}

void Guest::publish(const std::string& room) {
  if (!is_in(room)) return;
  const json::string data(name_ + '-' + std::to_string(++said_));
  const auto on_reply = [this, room, id = last_id_ + 1, text = json::serialize(data)](
                            const Object&, int error) { acknowledged(room, id, text, error); };
  connection_->send(command("publish", {{"channel", room}, {"data", data}}, on_reply));
}

void Guest::ask_who_is_in(const std::string& room) {
  if (!is_in(room)) return;
  connection_->send(command("presence", {{"channel", room}}, [this, room](const Object& reply, int error) {
    if (error != 0) throw Violation{"could not read who is there"};
    std::set<std::string>& seen = seen_[room];
    seen.clear();
    for (const auto& [client, info] : reply.at("presence").as_object()) seen.emplace(client);
  }));
}

void Guest::ask_for_history(const std::string& room) {
  if (!is_in(room) || !options_of(room).keeps_history()) return;
  const auto on_reply = [this, room](const Object& reply, int error) {
    if (error == temporary) return;
    const auto& log = storage_.log[room];
    for (const json::value& publication : reply.at("publications").as_array()) {
      const auto offset = publication.at("offset").to_number<std::size_t>();
      if (offset > log.size() || log[offset - 1] != json::serialize(publication.at("data")))
        throw Violation{room + ": the history is not what was written"};
    }
  };
  connection_->send(command("history", {{"channel", room}, {"limit", -1}}, on_reply));
}

std::shared_ptr<Connection> Guest::cut() {
  auto connection = connection_;
  connection->cut();
  forget_connection();
  return connection;
}

void Guest::must_be_content() const {
  if (!fault_.empty()) throw Violation{fault_};
}

void Guest::must_be_complete() const {
  must_be_content();
  if (!is_connected()) return;
  if (!waiting_.empty()) throw Violation{name_ + ": a command was not answered"};
  for (const auto& [room, subscription] : subscriptions_) {
    if (subscription.state() == State::active) subscription.must_be_complete();
  }
}

bool Guest::is_in(const std::string& room) const {
  return is_connected() && subscriptions_.at(room).state() == State::active;
}

void Guest::read(std::string_view line) {
  if (!fault_.empty()) return;
  try {
    take(json::parse(json::string_view(line.data(), line.size())).as_object());
  } catch (const Violation& violation) {
    fault_ = violation.what;
  } catch (const std::exception& exception) {
    fault_ = std::string(line) + ": " + exception.what();
  }
}

void Guest::take(const Object& message) {
  if (const json::value* id = message.if_contains("id")) {
    const auto number = id->to_number<std::uint64_t>();
    if (!waiting_.contains(number)) throw Violation{name_ + ": a reply that nobody waits for"};
    const OnReply on_reply = std::move(waiting_.extract(number).mapped());
    const json::value* error = message.if_contains("error");
    if (error != nullptr) return on_reply({}, error->at("code").to_number<int>());
    const auto result = std::ranges::find_if(message, [](const auto& field) { return field.key() != "id"; });
    return on_reply(result->value().as_object(), 0);
  }
  const Object& push = message.at("push").as_object();
  Subscription& subscription = subscriptions_.at(std::string(push.at("channel").as_string()));
  if (const json::value* publication = push.if_contains("pub")) subscription.told(publication->as_object());
  if (const json::value* join = push.if_contains("join")) subscription.joined(join->at("info").as_object());
  if (const json::value* leave = push.if_contains("leave")) subscription.gone(leave->at("info").as_object());
}

void Guest::closed() {
  forget_connection();
}

std::string Guest::command(std::string_view method, Object request, OnReply on_reply) {
  waiting_.emplace(++last_id_, std::move(on_reply));
  return json::serialize(
      Object{{"id", last_id_}, {json::string_view(method.data(), method.size()), std::move(request)}});
}

std::string Guest::subscribe(Subscription& subscription, const std::string& room, bool joins) {
  Object request{{"channel", room}, {"join_leave", joins}};
  if (subscription.position()) {
    request["recover"] = true;
    request["offset"] = subscription.position()->offset;
    request["epoch"] = subscription.position()->epoch;
  }
  subscription.asked();
  return command("subscribe", std::move(request), [&subscription](const Object& reply, int error) {
    if (error != 0 && error != temporary) throw Violation{"could not subscribe"};
    if (error == 0) return subscription.subscribed(reply);
    subscription.interrupted();
  });
}

void Guest::acknowledged(const std::string& room, std::uint64_t id, const std::string& data, int error) {
  if (id <= std::exchange(last_acknowledged_[room], id))
    throw Violation{room + ": publications are answered out of order"};
  if (!options_of(room).keeps_history()) {
    if (error != 0) throw Violation{room + ": refused what it need not keep"};
    return;
  }
  const auto& log = storage_.log[room];
  const auto kept = std::ranges::find(log, data);
  if (error == 0) {
    if (kept == log.end()) throw Violation{room + ": acknowledged, and not kept"};
    const auto offset = static_cast<std::size_t>(kept - log.begin()) + 1;
    if (std::find(kept + 1, log.end(), data) != log.end()) throw Violation{room + ": kept twice"};
    if (offset <= last_kept_[room]) throw Violation{room + ": kept in another order than it was said"};
    last_kept_[room] = offset;
    ++tally.acknowledged;
  } else if (error != temporary || kept != log.end()) {
    throw Violation{room + ": an error for what was kept"};
  } else {
    ++tally.refused;
  }
}

void Guest::forget_connection() {
  connection_.reset();
  waiting_.clear();
  last_kept_.clear();
  seen_.clear();
  for (auto& [room, subscription] : subscriptions_) {
    if (subscription.state() == State::leaving) {
      subscription.left();
    } else {
      subscription.interrupted();
    }
  }
}

}  // namespace coroom::model
