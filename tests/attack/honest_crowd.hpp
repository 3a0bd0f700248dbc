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

/// What the honest saw while they chatted.
struct Experience {
  std::size_t messages = 0;  // said and heard by who said them
  std::chrono::milliseconds p50{0};
  std::chrono::milliseconds p99{0};
  std::chrono::milliseconds longest{0};
  std::size_t dropped = 0;
  std::size_t missed = 0;           // messages that a member did not hear
  std::vector<std::string> faults;  // one for each client that has one
};

/// A hundred clients in ten rooms, half of them by plain text, on a thread of their own. Each says something
/// every 300 ms.
class HonestCrowd {
 public:
  static constexpr std::size_t size = 100;
  static constexpr std::size_t rooms = 10;

  /// The rooms are named `NAME.0` and so on.
  HonestCrowd(std::uint16_t port, const std::string& name);

  HonestCrowd(const HonestCrowd&) = delete;
  HonestCrowd& operator=(const HonestCrowd&) = delete;
  ~HonestCrowd();

  /// All enter; throws if one of them can't.
  void join();

  /// They begin to talk.
  void talk();

  /// They no longer talk, hear what is on its way, and stay.
  Experience fall_silent();

 private:
  struct CrowdMember {
    std::unique_ptr<HonestClient> client;
    MonotonicClock::time_point next;  // when it says something
    bool lost = false;
  };

  void turn(std::chrono::milliseconds wait);
  void keep_up(const std::stop_token& stop);
  void lose(std::size_t who);
  void watch(std::size_t who, int operation);
  [[nodiscard]] std::size_t missed() const;
  [[nodiscard]] Experience experience() const;

  int epoll_;
  std::vector<CrowdMember> members_;
  std::vector<char> buffer_;
  std::jthread thread_;  // while they talk
};

}  // namespace coroom::test
