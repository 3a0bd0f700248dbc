#pragma once

#include "net/shard_group.hpp"
#include "room/seat.hpp"

#include <coroom/clock.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace coroom::room {

/// All rooms by name. A room comes into being when somebody enters it and is forgotten when the last one has
/// left. May be used from any shard.
class Hub {
 public:
  /// The shards and the clock outlive the hub; the hub outlives all seats and the shards' room tasks.
  Hub(net::ShardGroup& shards, Settings settings, const Clock& clock);

  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() = default;

  /// Comes on the subscriber's shard. The author is how others are told of the subscriber.
  task<std::unique_ptr<Seat>> enter(std::string name, Subscriber& subscriber, SharedAuthor author);

  /// Says something in a room; where there is none, nobody hears it. From any thread.
  task<> publish(std::string name, Publication publication);

  /// How many rooms there are.
  [[nodiscard]] std::size_t size() const;

 private:
  std::shared_ptr<Room> hold(const std::string& name);
  std::shared_ptr<Room> find(const std::string& name) const;
  std::shared_ptr<Room> open(const std::string& name);
  void forget(const std::string& name);

  net::ShardGroup& shards_;
  Settings settings_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<Room>> rooms_;  // what the seats hold; guarded by mutex_
};

}  // namespace coroom::room
