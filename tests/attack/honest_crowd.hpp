#pragma once

#include "attack/honest_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace coroom::test {

/// Results of the honest clients.
struct Experience {
  std::size_t messages = 0;  // received by their senders
  std::chrono::milliseconds p50{0};
  std::chrono::milliseconds p99{0};
  std::chrono::milliseconds longest{0};
  std::size_t dropped = 0;
  std::size_t missed = 0;           // messages that a member did not receive
  std::vector<std::string> faults;  // at most one per client
};

/// A hundred clients in ten rooms on a thread of their own, half of them in the plain chat. Each sends a
/// message every 300 ms.
class HonestCrowd {
 public:
  static constexpr std::size_t size = 100;
  static constexpr std::size_t rooms = 10;

  /// Names the rooms `NAME.0` to `NAME.9`.
  HonestCrowd(std::uint16_t port, const std::string& name);

  HonestCrowd(const HonestCrowd&) = delete;
  HonestCrowd& operator=(const HonestCrowd&) = delete;
  ~HonestCrowd();

  /// Joins the rooms with all clients. Throws if one fails.
  void join();

  /// Starts the messages.
  void start();

  /// Stops the messages, waits for pending deliveries and returns the results. The clients stay connected.
  Experience stop();

 private:
  struct CrowdMember {
    std::unique_ptr<HonestClient> client;
    MonotonicClock::time_point next;  // of its next message
    bool dropped = false;
  };

  void turn(std::chrono::milliseconds wait);
  void run(const std::stop_token& stop);
  void drop(std::size_t who);
  void watch(std::size_t who, int operation);
  [[nodiscard]] std::size_t missed() const;
  [[nodiscard]] Experience results() const;

  int epoll_;
  std::vector<CrowdMember> members_;
  std::vector<char> buffer_;
  std::jthread thread_;  // while the clients send messages
};

}  // namespace coroom::test
