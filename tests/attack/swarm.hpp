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

/// Many attackers on one epoll, driven by the thread that calls turn(). Each has its own address.
class Swarm {
 public:
  /// Begins at most `connections_a_second` connections per second.
  Swarm(std::uint16_t port, double connections_a_second);

  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;
  ~Swarm();

  /// Adds attackers. The script must outlive the swarm.
  void add(const AttackScript& script, std::size_t count = 1);

  /// Handles ready sockets, and waits at most `wait` for one.
  void turn(std::chrono::milliseconds wait = std::chrono::milliseconds(10));
  void run_for(std::chrono::milliseconds time);

  /// Disconnects the attacker that was upgraded first. Returns false if there is none.
  bool drop_oldest();

  /// Disconnects all attackers.
  void drop_all();

  /// Current numbers.
  ///@{
  [[nodiscard]] std::size_t open() const { return open_; }
  [[nodiscard]] std::size_t upgraded() const { return upgraded_; }
  ///@}

  /// Totals.
  ///@{
  [[nodiscard]] std::size_t most_open() const { return most_open_; }
  [[nodiscard]] std::size_t connected() const { return connected_; }
  [[nodiscard]] std::size_t ended_by_server() const { return ended_by_server_; }
  [[nodiscard]] const std::map<int, std::size_t>& statuses() const { return statuses_; }
  ///@}

  /// Prints a summary.
  void print() const;

 private:
  enum class Stage { absent, opening, upgrading, message, repeating };

  struct Attacker {
    const AttackScript* script = nullptr;
    std::optional<AttackSocket> socket;
    Stage stage = Stage::absent;
    std::size_t sent = 0;      // bytes of the stage's data
    std::string head;          // the status line of the response, as far as it came
    std::uint64_t life = 0;    // number of the connection, which tells late events from current ones
    std::uint32_t events = 0;  // registered at the epoll
    bool upgraded = false;
  };

  void connect_due();
  void connect(std::size_t who);
  void advance(std::size_t who);
  void set_stage(std::size_t who, Stage stage);
  void read(std::size_t who);
  void read_status(std::size_t who, std::string_view bytes);
  void drip();
  void leave(std::size_t who);
  void on_end(std::size_t who);
  void watch(std::size_t who);
  static std::string_view text_of(const Attacker& member);

  std::uint16_t port_;
  double rate_;
  double allowed_ = 0;  // connections that may be begun
  MonotonicClock::time_point last_turn_ = MonotonicClock::now();
  MonotonicClock::time_point last_drip_ = MonotonicClock::now();
  int epoll_;
  std::vector<Attacker> members_;
  std::deque<std::size_t> absent_;                              // attackers to connect
  std::deque<std::pair<std::size_t, std::uint64_t>> arrivals_;  // in the order of their upgrades
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
