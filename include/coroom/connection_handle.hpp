#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>

#include <boost/json/value.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

class StreamHandler;
namespace detail::application {
class ConnectionRef;
}

/// A handler's connection as others may know it: where Tornado keeps the handlers themselves, whose calls
/// belong to one thread, a program keeps their peers. Cheap to copy, may outlive the connection and the
/// application, and any thread may use it.
class ConnectionHandle {
 public:
  /// WebSocketHandler::connection() makes them.
  explicit ConnectionHandle(std::shared_ptr<detail::application::ConnectionRef> ref) : ref_(std::move(ref)) {}

  // NOLINTBEGIN(modernize-use-nodiscard): a loop over peers need not care which have gone meanwhile.

  /// Sends a message and does not wait: a peer that takes too little is closed as a slow reader. One
  /// thread's messages arrive in their order. An error: the connection is closed, or the text is no UTF-8;
  /// then nothing is sent.
  ///@{
  Result<> write_message(std::string_view text) const;
  Result<> write_message(const Message& message) const;
  Result<> write_message(const boost::json::value& value) const;
  Result<> write_message(const char* text) const { return write_message(std::string_view(text)); }
  ///@}

  /// As WebSocketHandler::close(); nothing happens if it is closed.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {}) const;

  // NOLINTEND(modernize-use-nodiscard)

  /// Whether both are one connection; their order means nothing.
  ///@{
  friend bool operator==(const ConnectionHandle&, const ConnectionHandle&) = default;
  friend std::strong_ordering operator<=>(const ConnectionHandle& one, const ConnectionHandle& other) {
    return one.ref_ <=> other.ref_;
  }
  ///@}

 private:
  friend class StreamHandler;

  std::shared_ptr<detail::application::ConnectionRef> ref_;
};

/// Some peers, for loops over them: the seed of a chat without rooms. Any thread may use it. (Room does the
/// same at less cost: it encodes a message once, and all hear all messages in one order.)
class ConnectionSet {
 public:
  /// Does nothing if it is in it.
  void insert(ConnectionHandle connection) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connections_.insert(std::move(connection));
  }

  /// Does nothing if it is not in it.
  void erase(const ConnectionHandle& connection) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connections_.erase(connection);
  }

  /// How many are in it now.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return connections_.size();
  }

  /// Those that are in it now.
  [[nodiscard]] std::vector<ConnectionHandle> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {connections_.begin(), connections_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::set<ConnectionHandle> connections_;
};

}  // namespace coroom
