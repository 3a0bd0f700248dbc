#pragma once

#include "load/connection.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <sys/epoll.h>
#include <vector>

namespace coroom::bench {

/// Many connections on one epoll, served by one thread.
class Crowd {
 public:
  /// Called for every text frame, with the number of the connection that got it.
  using OnText = std::function<void(std::size_t who, std::string_view payload)>;

  static Result<Crowd> make();

  Crowd(Crowd&& other) noexcept;
  Crowd& operator=(Crowd&&) = delete;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  /// Opens that many connections and waits until the server has upgraded each. What it says meanwhile is
  /// dropped.
  Result<> connect(const Target& target, std::size_t count);

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  Result<> send(std::size_t who, std::string_view frame);

  /// From now on nothing is read of this connection.
  void ignore(std::size_t who);

  /// Reads whatever is ready; waits for it at most so long. Gives how many connections were ready.
  Result<std::size_t> turn(std::chrono::milliseconds wait, const OnText& on_text);

 private:
  explicit Crowd(int epoll);

  /// Says whether the connection wants to know when it can send again.
  void watch(std::size_t who, int operation);

  int epoll_;
  std::vector<Connection> connections_;
  std::vector<char> buffer_;
  std::vector<epoll_event> events_;
};

}  // namespace coroom::bench
