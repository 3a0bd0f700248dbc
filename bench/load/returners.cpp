#include "load/returners.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace coroom::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t waiting = 2000;  // for an upgrade; below the backlog of the server

// Few of each in one turn: the other room shares this thread, and must not wait because of the generator.
constexpr std::size_t opened_a_turn = 8;
constexpr std::size_t events_a_turn = 32;

/// Returns the subscription in a reply; empty if the reply has none.
json::object subscription_in(const std::string& reply) {
  boost::system::error_code ec;
  const json::value value = json::parse(reply, ec);
  if (ec || !value.is_object()) return {};
  const json::value* subscribe = value.get_object().if_contains("subscribe");
  return subscribe == nullptr || !subscribe->is_object() ? json::object() : subscribe->get_object();
}

std::uint64_t offset_in(const json::object& object) {
  const json::value* offset = object.if_contains("offset");
  return offset == nullptr ? 0 : offset->to_number<std::uint64_t>();
}

bool is_true(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Returns whether there are `count` publications with consecutive offsets after `offset`.
bool follow(const json::object& subscription, std::uint64_t offset, std::size_t count) {
  const json::value* publications = subscription.if_contains("publications");
  if (publications == nullptr || !publications->is_array()) return count == 0;
  for (const json::value& publication : publications->get_array()) {
    if (!publication.is_object() || offset_in(publication.get_object()) != ++offset) return false;
  }
  return publications->get_array().size() == count;
}

}  // namespace

Returners::Returners(Crowd crowd, LoadTarget target, std::string room, std::size_t count)
    : crowd_(std::move(crowd)), target_(std::move(target)), room_(std::move(room)), subscribers_(count) {}

Result<Returners> Returners::make(const LoadTarget& target, std::string room, std::size_t count) {
  auto crowd = Crowd::make(events_a_turn);
  if (!crowd) return tl::unexpected(crowd.error());
  return Returners(std::move(*crowd), target, std::move(room), count);
}

Result<> Returners::turn() {
  const std::size_t next = std::min(crowd_.size() + opened_a_turn, subscribers_.size());
  if (auto some = crowd_.connect_some([this](std::size_t) { return target_; }, next, waiting); !some)
    return some;
  for (; greeted_ != crowd_.upgraded(); ++greeted_) {
    const auto& since = subscribers_[greeted_].left_at;
    if (auto sent = crowd_.send(greeted_, centrifuge::join(room_, since)); !sent) return sent;
  }
  Result<> taken;
  auto turned = crowd_.turn(std::chrono::milliseconds(0), [&](std::size_t index, std::string_view received) {
    if (taken) taken = take(index, received);
  });
  return turned ? taken : turned;
}

Result<> Returners::take(std::size_t index, std::string_view received) {
  if (centrifuge::is_push(received)) return {};
  if (centrifuge::is_ping(received)) return crowd_.send(index, centrifuge::pong());
  return centrifuge::each_line(received, [&](std::string_view line) -> Result<> {
    const auto id = centrifuge::done(line);
    if (!id) return tl::unexpected(id.error());
    if (*id != centrifuge::joining_commands) return {};
    subscribers_[index].reply = line;
    ++here_;
    return {};
  });
}

Result<> Returners::drop() {
  for (ReturningSubscriber& subscriber : subscribers_) {
    const json::object subscription = subscription_in(subscriber.reply);
    const json::value* epoch = subscription.if_contains("epoch");
    if (epoch == nullptr || !epoch->is_string()) {
      return failure("the room has no history to recover from: " + subscriber.reply);
    }
    subscriber.left_at = {offset_in(subscription), std::string(epoch->get_string())};
    subscriber.reply.clear();
  }
  crowd_.reset();
  greeted_ = 0;
  here_ = 0;
  return {};
}

Result<> Returners::check(std::size_t missed) const {
  for (const ReturningSubscriber& subscriber : subscribers_) {
    const json::object subscription = subscription_in(subscriber.reply);
    if (!is_true(subscription, "recovered")) {
      return failure("a subscriber did not recover: " + subscriber.reply.substr(0, 200));
    }
    if (!follow(subscription, subscriber.left_at->offset, missed)) {
      return failure("a subscriber did not receive exactly the " + std::to_string(missed) +
                     " publications that it missed");
    }
  }
  return {};
}

}  // namespace coroom::bench
