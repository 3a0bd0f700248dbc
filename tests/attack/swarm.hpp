#pragma once

#include "attack/script.hpp"
#include "attack/socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::test {

/// Many attackers on one epoll, driven by the thread that calls turn(). Each has an address of its own.
class Swarm {
 public:
  /// At most so many connections are begun in a second.
  Swarm(std::uint16_t port, double connections_a_second);

  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;
  ~Swarm();

  /// They come one after the other. The script outlives the swarm.
  void add(const AttackScript& script, std::size_t count = 1);

  /// Does what is to be done now; waits at most so long for it.
  void turn(std::chrono::milliseconds wait = std::chrono::milliseconds(10));
  void run_for(std::chrono::milliseconds time);

  /// The one that was upgraded first leaves. False if there is none.
  bool drop_oldest();

  /// All go at once.
  void disperse();

  /// As it is now.
  ///@{
  [[nodiscard]] std::size_t open() const { return open_; }
  [[nodiscard]] std::size_t upgraded() const { return upgraded_; }
  ///@}

  /// From the beginning on.
  ///@{
  [[nodiscard]] std::size_t most_open() const { return most_open_; }
  [[nodiscard]] std::size_t connected() const { return connected_; }
  [[nodiscard]] std::size_t ended_by_server() const { return ended_by_server_; }
  [[nodiscard]] const std::map<int, std::size_t>& statuses() const { return statuses_; }
  ///@}

  /// Prints what it did.
  void tell() const;

 private:
  enum class Stage { absent, opening, upgrading, saying, going_on };

  struct Attacker {
    const AttackScript* script = nullptr;
    std::optional<AttackSocket> socket;
    Stage stage = Stage::absent;
    std::size_t sent = 0;      // bytes of the stage's text
    std::string head;          // of the answer, until its status is known
    std::uint64_t life = 0;    // tells apart its connections
    std::uint32_t events = 0;  // that it waits for
    bool upgraded = false;
  };

  void connect_some();
  void connect(std::size_t who);
  void advance(std::size_t who);
  void enter(std::size_t who, Stage stage);
  void read(std::size_t who);
  void look_at_head(std::size_t who, std::string_view bytes);
  void drip();
  void leave(std::size_t who);
  void gone(std::size_t who);
  void watch(std::size_t who);
  static std::string_view text_of(const Attacker& member);

  std::uint16_t port_;
  double rate_;
  double allowed_ = 0;  // connections, by now
  MonotonicClock::time_point last_turn_ = MonotonicClock::now();
  MonotonicClock::time_point last_drip_ = MonotonicClock::now();
  int epoll_;
  std::vector<Attacker> members_;
  std::deque<std::size_t> absent_;                              // who is to connect
  std::deque<std::pair<std::size_t, std::uint64_t>> arrivals_;  // upgraded, in their order
  std::vector<char> buffer_;
  std::size_t open_ = 0;
  std::size_t most_open_ = 0;
  std::size_t upgraded_ = 0;
  std::size_t connected_ = 0;
  std::size_t ended_by_server_ = 0;
  std::size_t bytes_sent_ = 0;
  std::map<int, std::size_t> statuses_;
};

}  // namespace coroom::test
