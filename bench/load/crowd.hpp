#pragma once

#include "load/connection.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>
#include <sys/epoll.h>
#include <vector>

namespace coroom::bench {

/// Many connections on one epoll, served by one thread.
class Crowd {
 public:
  static Result<Crowd> make(std::size_t events_a_turn = 1024);

  Crowd(Crowd&& other) noexcept;
  Crowd& operator=(Crowd&&) = delete;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  /// Opens that many connections and waits until the server has upgraded each. What it says meanwhile is
  /// dropped.
  Result<> connect(const Target& target, std::size_t count);

  /// Opens connections until there are that many or too many wait for their upgrade. To be called again,
  /// between turns, until upgraded() says that all are there.
  Result<> connect_some(const Target& target, std::size_t count, std::size_t waiting);

  /// So many of the first connections have been upgraded, as connect_some() has seen.
  [[nodiscard]] std::size_t upgraded() const { return upgraded_; }

  /// Drops all connections at once; their peers see a reset.
  void reset();

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  Result<> send(std::size_t who, std::string_view frame);

  /// From now on nothing is read of this connection.
  void ignore(std::size_t who);

  /// Reads whatever is ready; waits for it at most so long. Calls `on_text(who, payload)` for every text
  /// frame, with the number of the connection that got it.
  template <class OnText>
  Result<> turn(std::chrono::milliseconds wait, OnText&& on_text);

 private:
  Crowd(int epoll, std::size_t events_a_turn);

  /// The connections that are ready.
  std::span<const epoll_event> wait_for_events(std::chrono::milliseconds time);

  Result<> flush(std::size_t who);

  /// Says whether the connection wants to know when it can send again.
  void watch(std::size_t who, int operation);

  int epoll_;
  std::vector<Connection> connections_;
  std::size_t upgraded_ = 0;
  std::vector<char> buffer_;
  std::vector<epoll_event> events_;
};

template <class OnText>
Result<> Crowd::turn(std::chrono::milliseconds wait, OnText&& on_text) {
  for (const epoll_event& event : wait_for_events(wait)) {
    const auto who = static_cast<std::size_t>(event.data.u64);
    if ((event.events & EPOLLOUT) != 0) {
      if (auto flushed = flush(who); !flushed) return flushed;
    }
    auto read = connections_[who].read(buffer_, [&](std::string_view payload) { on_text(who, payload); });
    if (!read) return read;
  }
  return {};
}

}  // namespace coroom::bench
