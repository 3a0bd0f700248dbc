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
class PeerLink;
}

/// A handler's connection as others may know it: where Tornado keeps the handlers themselves, whose calls
/// belong to one thread, a program keeps their peers. Cheap to copy, may outlive the connection and the
/// application, and any thread may use it.
class Peer {
 public:
  /// WebSocketHandler::peer() makes them.
  explicit Peer(std::shared_ptr<detail::application::PeerLink> link) : link_(std::move(link)) {}

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
  friend bool operator==(const Peer&, const Peer&) = default;
  friend std::strong_ordering operator<=>(const Peer& one, const Peer& other) {
    return one.link_ <=> other.link_;
  }
  ///@}

 private:
  friend class StreamHandler;

  std::shared_ptr<detail::application::PeerLink> link_;
};

/// Some peers, for loops over them: the seed of a chat without rooms. Any thread may use it. (Room does the
/// same at less cost: it encodes a message once, and all hear all messages in one order.)
class PeerSet {
 public:
  /// Does nothing if it is in it.
  void insert(Peer peer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    peers_.insert(std::move(peer));
  }

  /// Does nothing if it is not in it.
  void erase(const Peer& peer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    peers_.erase(peer);
  }

  /// How many are in it now.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return peers_.size();
  }

  /// Those that are in it now.
  [[nodiscard]] std::vector<Peer> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {peers_.begin(), peers_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::set<Peer> peers_;
};

}  // namespace coroom
