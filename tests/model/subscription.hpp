#pragma once

#include "model/storage.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace coroom::model {

/// A model of the subscription of one client to one room. It checks that the client receives everything after
/// its position once, in order and unchanged. Each call throws InvariantViolation if an invariant does not
/// hold.
class SubscriptionModel {
 public:
  enum class State { idle, asked, active, leaving };

  /// The storage must outlive the model.
  SubscriptionModel(std::string room, const Storage& storage) : room_(std::move(room)), storage_(storage) {}

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::optional<Position>& position() const { return position_; }

  void asked() { state_ = State::asked; }
  void leaving() { state_ = State::leaving; }

  /// The connection was lost or the command failed. The position is kept.
  void interrupted() { state_ = State::idle; }

  /// The client has unsubscribed. The next subscription starts without a position.
  void left();

  /// The reply to a subscribe command.
  void subscribed(const boost::json::object& reply);

  void published(const boost::json::object& publication);
  void member_joined(const boost::json::object& info);
  void member_left(const boost::json::object& info);

  /// Checks that nothing is missing. Nothing may be in transit.
  void check_complete() const;

 private:
  void check_unrecoverable(const Position& since, const Position& top) const;

  std::string room_;
  const Storage& storage_;
  State state_ = State::idle;
  std::optional<Position> position_;  // of the last publication that was received
  std::set<std::string> received_;    // in a room without a history
  std::set<std::string> members_;     // announced by join
};

/// An invariant that does not hold.
struct InvariantViolation {
  std::string what;
};

}  // namespace coroom::model
