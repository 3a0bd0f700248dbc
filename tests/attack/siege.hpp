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

/// COROOM_ATTACK=long makes attacks as large as they are meant to be; else they take a few seconds each.
bool attack_is_long();

template <class Value>
Value short_or_long(Value in_short, Value in_long) {
  return attack_is_long() ? in_long : in_short;
}

/// The server's binary with a hundred honest clients, and what becomes of both while it is attacked: the
/// honest notice nothing, and afterwards the server is as it was before.
class Siege : public testing::Test {
 public:
  Siege() = default;
  Siege(const Siege&) = delete;
  Siege& operator=(const Siege&) = delete;
  ~Siege() override;

 protected:
  static constexpr std::chrono::milliseconds longest_p99{250};
  /// Of a thread of the server; several times what a turn takes at the most.
  static constexpr std::chrono::milliseconds longest_turn{250};
  /// The part of the machine that others may use; where they use more, times are not judged.
  static constexpr double quiet_neighbours = 0.1;
  static constexpr double idle_load = 0.05;

  /// What may stay of an attack: a tenth, what threads keep of what they have freed, and for each connection
  /// that there was at a time the object of 0.2 KB that Asio pools for the next one, with what lies between
  /// those.
  static constexpr double kept_part = 0.1;
  static constexpr std::size_t kept_bytes = std::size_t{4} << 20;
  static constexpr std::size_t kept_of_connection = 1500;

  /// The server starts, the honest enter and talk for a while, and its memory is looked at.
  void begin(std::vector<std::string> flags = {}, const std::vector<std::string>& environment = {},
             const std::string& rooms = "honest");

  /// In short all waves come at once; else each has a server of its own, and a row in the table.
  void withstand(const std::vector<Wave>& waves, const std::vector<std::string>& flags,
                 double connections_a_second, std::chrono::milliseconds time);

  /// All of them go, and what they did is printed.
  void end_attack(Swarm& swarm);

  /// The attack is over. Waits until the server has let go of everything, and looks at it and at the honest.
  void end(const std::string& scenario = "");

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const Process& server() const { return *server_; }
  [[nodiscard]] Vitals vitals() const { return Vitals(server_->id()); }
  [[nodiscard]] std::size_t memory_before() const { return memory_before_; }
  /// Counts as what it had before, where more than a moment's warming up is needed to know that.
  void set_memory_before(std::size_t bytes) { memory_before_ = bytes; }
  [[nodiscard]] std::size_t files_before() const { return files_before_; }

  /// Waits for it, while the honest go on talking.
  static bool comes_true(const std::function<bool()>& condition, std::chrono::seconds limit);

 private:
  void keep_reading_log();
  void judge_waiting(const Experience& seen);
  void judge_turns() const;
  void expect_sent_away(const std::vector<Wave>& waves, Swarm& swarm) const;
  void stop();

  std::unique_ptr<Process> server_;
  std::uint16_t port_ = 0;
  std::unique_ptr<HonestCrowd> honest_;
  std::unique_ptr<Neighbours> neighbours_;
  std::jthread log_reader_;
  std::size_t memory_before_ = 0;
  std::size_t files_before_ = 0;
  std::size_t most_attackers_ = 0;  // at a time
  bool judges_times_ = false;       // others have left the machine to us
};

}  // namespace coroom::test
