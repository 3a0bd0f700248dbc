#pragma once

#include <coroom/connection_handle.hpp>

#include <cstddef>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

namespace coroom {

/// A set of connections to loop over, as a Tornado program keeps its handlers. Any thread may use it. A Room
/// does the same at less cost: it encodes a message once, and all members get all messages in one order.
class ConnectionSet {
 public:
  /// Does nothing if the set has the connection already.
  void insert(ConnectionHandle connection) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connections_.insert(std::move(connection));
  }

  /// Does nothing if the set does not have the connection.
  void erase(const ConnectionHandle& connection) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connections_.erase(connection);
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return connections_.size();
  }

  /// Returns a copy of the set.
  [[nodiscard]] std::vector<ConnectionHandle> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {connections_.begin(), connections_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_set<ConnectionHandle> connections_;
};

}  // namespace coroom
