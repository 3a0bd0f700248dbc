#include "attack/scripts.hpp"
#include "attack/siege.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace coroom::test {
namespace {

using Files = Siege;

constexpr std::size_t seats =
    50;  // file descriptors for the attackers; gaps in their numbers allow a few more
constexpr std::size_t few = 5;
constexpr std::size_t crowd = 200;  // attackers

/// Runs until the server is full, and some time longer, in which no further client may get in.
void fill(Swarm& swarm) {
  const auto end = MonotonicClock::now() + std::chrono::seconds(10);
  while (swarm.upgraded() < seats && MonotonicClock::now() < end) swarm.turn();
  swarm.run_for(std::chrono::milliseconds(500));
}

TEST_F(Files, DelaysConnectionsWhenUsedUp) {
  begin();
  const double usual_load = vitals().load();
  server().limit_open_files(files_before() + seats);
  Swarm swarm(port(), 1000);
  const AttackScript visitor = attack::plain("crowd");
  swarm.add(visitor, crowd);
  fill(swarm);
  const std::size_t inside = swarm.upgraded();
  EXPECT_GE(inside, seats);
  EXPECT_LE(inside, seats + few);
  EXPECT_EQ(swarm.ended_by_server(), 0);
  EXPECT_LT(vitals().load(short_or_long(std::chrono::seconds(2), std::chrono::seconds(10))),
            usual_load + idle_load);

  // Each client that leaves makes room for a waiting one.
  for (std::size_t left = 0; left != seats / 2; ++left) EXPECT_TRUE(swarm.drop_oldest());
  fill(swarm);
  EXPECT_EQ(swarm.upgraded(), inside);
  end_attack(swarm);
  end();
}

TEST_F(Files, KeepsReserveByConnectionLimit) {
  begin({"--max-connections=" + std::to_string(HonestCrowd::size + seats)});
  Swarm swarm(port(), 1000);
  AttackScript visitor = attack::plain("crowd");
  visitor.reconnects = true;
  swarm.add(visitor, crowd);
  fill(swarm);
  swarm.run_for(short_or_long(std::chrono::seconds(2), std::chrono::seconds(10)));
  EXPECT_LE(swarm.upgraded(), seats);
  EXPECT_GE(swarm.ended_by_server(), crowd - seats) << "with 503";
  end_attack(swarm);
  end();
}

}  // namespace
}  // namespace coroom::test
