#pragma once

#include "attack/honest_crowd.hpp"
#include "attack/neighbours.hpp"
#include "attack/swarm.hpp"
#include "attack/vitals.hpp"
#include "attack/wave.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace coroom::test {

/// Returns whether COROOM_ATTACK is `long`, for attacks of full size. Others take a few seconds each.
bool attack_is_long();

template <class Value>
Value short_or_long(Value in_short, Value in_long) {
  return attack_is_long() ? in_long : in_short;
}

/// The server's binary with a hundred honest clients under attack. The attack must not disturb these clients,
/// and the server must return to its state before.
class Siege : public testing::Test {
 public:
  Siege() = default;
  Siege(const Siege&) = delete;
  Siege& operator=(const Siege&) = delete;
  ~Siege() override;

 protected:
  static constexpr std::chrono::milliseconds longest_p99{250};
  /// The limit for a turn of a server's thread, several times the usual maximum.
  static constexpr std::chrono::milliseconds longest_turn{250};
  /// The processor time that other processes may use. Beyond it durations are not checked.
  static constexpr double quiet_neighbours = 0.1;
  static constexpr double idle_load = 0.05;

  /// Memory that may remain after an attack: a tenth, freed memory that threads keep, and for each connection
  /// at the peak an object of 0.2 KB in Asio's pool, with fragmentation.
  static constexpr double kept_part = 0.1;
  static constexpr std::size_t kept_bytes = std::size_t{4} << 20;
  static constexpr std::size_t kept_of_connection = 1500;

  /// Starts the server and the honest clients, waits for the warm-up, and measures the memory.
  void begin(std::vector<std::string> flags = {}, const std::vector<std::string>& environment = {},
             const std::string& rooms = "honest");

  /// Runs the waves. In short mode all run at once. In long mode each has a server of its own and a row in
  /// the table.
  void run_waves(const std::vector<Wave>& waves, const std::vector<std::string>& flags,
                 double connections_a_second, std::chrono::milliseconds time);

  /// Disconnects all attackers and prints a summary.
  void end_attack(Swarm& swarm);

  /// Waits until the server has released everything, then checks it and the honest clients.
  void end(const std::string& scenario = "");

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const Process& server() const { return *server_; }
  [[nodiscard]] Vitals vitals() const { return Vitals(server_->id()); }
  [[nodiscard]] std::size_t memory_before() const { return memory_before_; }
  /// Sets the memory before the attack, for a test with a longer warm-up.
  void set_memory_before(std::size_t bytes) { memory_before_ = bytes; }
  [[nodiscard]] std::size_t files_before() const { return files_before_; }

  /// Waits for a condition, and returns whether it came true. The honest clients go on.
  static bool wait_for(const std::function<bool()>& condition, std::chrono::seconds limit);

 private:
  void start_log_reader();
  void check_latencies(const Experience& seen);
  void check_turns() const;
  void expect_disconnected(const std::vector<Wave>& waves, Swarm& swarm) const;
  void stop();

  std::unique_ptr<Process> server_;
  std::uint16_t port_ = 0;
  std::unique_ptr<HonestCrowd> honest_;
  std::unique_ptr<Neighbours> neighbours_;
  std::jthread log_reader_;
  std::size_t memory_before_ = 0;
  std::size_t files_before_ = 0;
  std::size_t most_attackers_ = 0;  // at the same time
  bool checks_times_ = false;       // set if other processes used little time
};

}  // namespace coroom::test
