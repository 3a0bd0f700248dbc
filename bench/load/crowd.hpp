#pragma once

#include "load/connection.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <sys/epoll.h>
#include <vector>

namespace coroom::bench {

/// Many connections on one epoll, used by one thread.
class Crowd {
 public:
  static Result<Crowd> make(std::size_t events_a_turn = 1024);

  Crowd(Crowd&& other) noexcept;
  Crowd& operator=(Crowd&&) = delete;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  /// Returns the target of a connection.
  using TargetOf = std::function<LoadTarget(std::size_t index)>;

  /// Opens `count` connections and waits until the server has upgraded each. Drops the data that the server
  /// sends meanwhile.
  ///@{
  Result<> connect(const LoadTarget& target, std::size_t count) {
    return connect([&target](std::size_t) { return target; }, count);
  }
  Result<> connect(const TargetOf& target_of, std::size_t count);
  ///@}

  /// Opens connections until there are `count`, or until `waiting` of them wait for their upgrade. Must be
  /// called again, between turns, until upgraded() is `count`.
  Result<> connect_some(const TargetOf& target_of, std::size_t count, std::size_t waiting);

  /// Opens one more connection.
  Result<> open(const LoadTarget& target);

  /// Opens another connection in place of one that has ended.
  Result<> reopen(std::size_t index, const LoadTarget& target);

  [[nodiscard]] const LoadConnection& connection(std::size_t index) const { return connections_[index]; }

  /// Begins the closing handshake of a connection.
  Result<> close(std::size_t index);

  /// Returns the number of upgraded connections, counted from the first up to the first one that waits.
  [[nodiscard]] std::size_t upgraded() const { return upgraded_; }

  /// Drops all connections at once with a reset.
  void reset();

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  Result<> send(std::size_t index, std::string_view frame);

  /// Stops reading this connection.
  void ignore(std::size_t index);

  /// Reads available data, and waits for it at most `wait`. Calls `on_text(index, payload)` for every text
  /// frame, with the number of its connection.
  template <class OnText>
  Result<> turn(std::chrono::milliseconds wait, OnText&& on_text);

 private:
  Crowd(int epoll, std::size_t events_a_turn);

  /// Returns the events of the ready connections.
  std::span<const epoll_event> wait_for_events(std::chrono::milliseconds time);

  Result<> flush(std::size_t index);

  /// Waits for writability too if the connection has unsent data.
  void watch(std::size_t index, int operation);

  int epoll_;
  std::vector<LoadConnection> connections_;
  std::size_t upgraded_ = 0;
  std::vector<char> buffer_;
  std::vector<epoll_event> events_;
};

template <class OnText>
Result<> Crowd::turn(std::chrono::milliseconds wait, OnText&& on_text) {
  for (const epoll_event& event : wait_for_events(wait)) {
    const auto index = static_cast<std::size_t>(event.data.u64);
    if ((event.events & EPOLLOUT) != 0) {
      if (auto flushed = flush(index); !flushed) return flushed;
    }
    auto read = connections_[index].read(buffer_, [&](std::string_view payload) { on_text(index, payload); });
    if (!read) return read;
  }
  return {};
}

}  // namespace coroom::bench
