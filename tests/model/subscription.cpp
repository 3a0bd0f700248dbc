#include "model/subscription.hpp"

#include "model/server.hpp"
#include "model/tally.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace coroom::model {
namespace {

namespace json = boost::json;

std::uint64_t offset_of(const json::object& object) {
  const json::value* offset = object.if_contains("offset");
  return offset == nullptr ? 0 : offset->to_number<std::uint64_t>();
}

bool is_set(const json::object& object, std::string_view flag) {
  const json::value* value = object.if_contains(flag);
  return value != nullptr && value->as_bool();
}

std::string client_of(const json::object& info) {
  return std::string(info.at("client").as_string());
}

}  // namespace

void SubscriptionModel::left() {
  state_ = State::idle;
  position_.reset();
}

void SubscriptionModel::subscribed(const json::object& reply) {
  if (state_ != State::asked) throw InvariantViolation{room_ + ": a reply to no command"};
  state_ = State::active;
  received_.clear();
  members_.clear();
  if (!options_of(room_).keeps_history()) return;
  if (!is_set(reply, "recoverable")) throw InvariantViolation{room_ + ": not recoverable"};
  const Position top(offset_of(reply), std::string(reply.at("epoch").as_string()));
  if (is_set(reply, "was_recovering") != position_.has_value())
    throw InvariantViolation{room_ + ": was_recovering is wrong"};
  if (position_ && !is_set(reply, "recovered")) {
    check_unrecoverable(*position_, top);
    ++tally.unrecovered;
  }
  if (position_ && is_set(reply, "recovered") && top != *position_)
    throw InvariantViolation{room_ + ": recovered from another position"};
  position_ = top;
  if (const json::value* missed = reply.if_contains("publications")) {
    ++tally.recovered;
    for (const json::value& publication : missed->as_array()) published(publication.as_object());
  }
}

void SubscriptionModel::published(const json::object& publication) {
  if (state_ != State::active && state_ != State::leaving)
    throw InvariantViolation{room_ + ": delivered outside a subscription"};
  ++tally.delivered;
  const std::string data = json::serialize(publication.at("data"));
  if (!options_of(room_).keeps_history()) {
    if (!received_.insert(data).second)
      throw InvariantViolation{room_ + ": " + data + " was delivered twice"};
    return;
  }
  const std::uint64_t offset = offset_of(publication);
  if (offset != position_->offset + 1)
    throw InvariantViolation{room_ + ": " + std::to_string(offset) + " behind " +
                             std::to_string(position_->offset)};
  const auto log = storage_.log.find(room_);
  if (log == storage_.log.end() || log->second.size() < offset)
    throw InvariantViolation{room_ + ": delivered before it was stored"};
  if (log->second[offset - 1] != data) throw InvariantViolation{room_ + ": differs from what was stored"};
  position_->offset = offset;
}

void SubscriptionModel::member_joined(const json::object& info) {
  if (!members_.insert(client_of(info)).second) throw InvariantViolation{room_ + ": joined twice"};
}

void SubscriptionModel::member_left(const json::object& info) {
  members_.erase(client_of(info));  // members that joined before the subscription were not announced
}

void SubscriptionModel::check_complete() const {
  if (!position_) return;
  const auto log = storage_.log.find(room_);
  const std::size_t top = log == storage_.log.end() ? 0 : log->second.size();
  if (position_->offset != top)
    throw InvariantViolation{room_ + ": received " + std::to_string(position_->offset) + " of " +
                             std::to_string(top)};
}

/// Histories only lose their beginning, so a history that is complete now was complete at the reply.
void SubscriptionModel::check_unrecoverable(const Position& since, const Position& top) const {
  if (since.epoch != top.epoch || since.offset > top.offset) return;
  const auto log = storage_.log.find(room_);
  const std::size_t written = log == storage_.log.end() ? 0 : log->second.size();
  if (since.offset + options_of(room_).history_size >= written)
    throw InvariantViolation{room_ + ": could have been recovered from " + std::to_string(since.offset)};
}

}  // namespace coroom::model
