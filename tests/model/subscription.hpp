#pragma once

#include "model/storage.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace coroom::model {

/// What one client knows of one room, and what must be true of it: it is told everything from some place on,
/// in order, once, and as it was written. Each call throws Violation at what must not be.
class Subscription {
 public:
  enum class State { idle, asked, active, leaving };

  /// The storage outlives it.
  Subscription(std::string room, const Storage& storage) : room_(std::move(room)), storage_(storage) {}

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::optional<Position>& position() const { return position_; }

  void asked() { state_ = State::asked; }
  void leaving() { state_ = State::leaving; }

  /// The connection is lost, or the server would not; what was heard so far counts on.
  void interrupted() { state_ = State::idle; }

  /// It was left in good order: the next time begins anew.
  void left();

  /// The reply to a subscribe command.
  void subscribed(const boost::json::object& reply);

  void told(const boost::json::object& publication);
  void joined(const boost::json::object& info);
  void gone(const boost::json::object& info);

  /// Nothing is on its way any more: it must know all there is.
  void must_be_complete() const;

 private:
  void must_have_been_impossible(const Position& since, const Position& top) const;

  std::string room_;
  const Storage& storage_;
  State state_ = State::idle;
  std::optional<Position> position_;  // behind the last that it was told
  std::set<std::string> heard_;       // in a room without a history
  std::set<std::string> members_;     // who it was told has joined
};

/// What no schedule may lead to.
struct Violation {
  std::string what;
};

}  // namespace coroom::model
