#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;
using Churn = Siege;

constexpr std::size_t files_for_others = 300;  // for the honest clients, the server and this process

/// Returns a number of connections that both processes have file descriptors for.
std::size_t affordable(std::size_t wanted) {
  const std::size_t most = raise_file_limit() - files_for_others;
  if (wanted > most)
    std::printf("only %zu file descriptors: %zu connections in place of %zu\n", most, most, wanted);
  return std::min(wanted, most);
}

/// Clients that join rooms of about thirty members, and some the rooms of the honest clients. One in three
/// leaves by a reset.
std::deque<AttackScript> visitors() {
  std::deque<AttackScript> scripts;
  for (int number = 0; number != 500; ++number) {
    const std::string room =
        number % 25 == 0 ? "honest." + std::to_string(number % 10) : "crowd." + std::to_string(number);
    AttackScript script = number % 2 == 0
                              ? attack::plain(room)
                              : attack::centrifuge(command(2, "subscribe", channel_request(room)));
    script.by_reset = number % 3 == 0;
    script.reconnects = true;
    scripts.push_back(script);
  }
  return scripts;
}

TEST_F(Churn, DoesNotDisturbOtherClients) {
  const std::size_t crowd = affordable(short_or_long<std::size_t>(3000, 15'000));
  constexpr double joins_a_second = 1000;
  const auto time = short_or_long(std::chrono::seconds(4), std::chrono::seconds(30));
  begin();
  const std::deque<AttackScript> scripts = visitors();
  Swarm swarm(port(), joins_a_second);
  for (std::size_t number = 0; number != crowd; ++number) swarm.add(scripts[number % scripts.size()]);
  for (const auto end = MonotonicClock::now() + std::chrono::seconds(60);
       swarm.upgraded() != crowd && MonotonicClock::now() < end;)
    swarm.turn();
  EXPECT_EQ(swarm.upgraded(), crowd);
  // Each client that leaves returns at this rate.
  const auto begin = MonotonicClock::now();
  std::size_t left = 0;
  for (auto now = begin; now < begin + time; now = MonotonicClock::now()) {
    const auto due =
        static_cast<std::size_t>(std::chrono::duration<double>(now - begin).count() * joins_a_second);
    while (left < due && swarm.drop_oldest()) ++left;
    swarm.turn(std::chrono::milliseconds(1));
  }
  for (const auto end = MonotonicClock::now() + std::chrono::seconds(60);
       swarm.connected() < crowd + left / 2 && MonotonicClock::now() < end;)
    swarm.turn();
  EXPECT_GE(swarm.connected(), crowd + left / 2);
  end_attack(swarm);
  end();
}

}  // namespace
}  // namespace coroom::test
