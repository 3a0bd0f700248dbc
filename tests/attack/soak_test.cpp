#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "support/http_client.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;

/// COROOM_SOAK is the duration in seconds.
std::chrono::seconds wanted_time() {
  const char* chosen = std::getenv("COROOM_SOAK");
  return std::chrono::seconds(chosen != nullptr ? std::stoi(chosen) : 30);
}

std::string lines(const std::vector<std::pair<std::string, std::string>>& commands) {
  std::string all;
  std::uint64_t id = 1;
  for (const auto& [method, request] : commands)
    all += (all.empty() ? "" : "\n") + command(++id, method, request);
  return all;
}

/// Clients that connect, act and disconnect in all ways. Each kind exists in ten rooms.
std::deque<AttackScript> guests() {
  using Leaves = AttackScript::Leaves;
  std::deque<AttackScript> all;
  const auto add = [&all](AttackScript script, Leaves leaves, bool by_reset) {
    script.leaves = leaves;
    script.by_reset = by_reset;
    script.reconnects = true;
    all.push_back(std::move(script));
  };
  for (int number = 0; number != 10; ++number) {
    const std::string room = "soak." + std::to_string(number);
    const std::string hello = attack::text("hello from " + std::to_string(number));
    const std::string close = masked_frame(0x88, std::string_view("\x03\xe8", 2));
    const auto speaks = lines({{"subscribe", channel_request(room, R"("join_leave":true)")},
                               {"publish", publish_request(room, R"({"text":"hello"})")},
                               {"history", channel_request(room, R"("limit":50)")},
                               {"presence", channel_request(room)},
                               {"presence_stats", channel_request(room)}});
    const auto recovers =
        lines({{"subscribe", channel_request(room, R"("recover":true,"offset":0,"epoch":"")")},
               {"unsubscribe", channel_request(room)},
               {"subscribe", channel_request(room, R"("recover":true,"offset":1)")}});
    add(attack::plain(room, hello), Leaves::once_received, false);
    add(attack::plain(room, hello), Leaves::once_received, true);
    add(attack::plain(room, hello + close), Leaves::once_received, false);
    add(attack::plain(room, hello.substr(0, 5)), Leaves::once_sent, true);
    add(attack::centrifuge(speaks), Leaves::once_received, false);
    add(attack::centrifuge(recovers), Leaves::once_received, number % 2 == 0);
    add(attack::centrifuge("no JSON"), Leaves::never, false);
    add(attack::plain(room, "\xff\xff\xff"), Leaves::never, false);
    AttackScript page;
    page.opening = attack::get("/");
    add(page, Leaves::once_received, number % 2 == 0);
    page.opening = "NO HTTP\r\n\r\n";
    add(page, Leaves::never, false);
    page.opening = attack::upgrade("/chat").substr(0, 40);
    add(page, Leaves::never, false);
  }
  return all;
}

/// Clients that stay. They send messages, some of them many, and some do not read.
std::deque<AttackScript> residents() {
  std::deque<AttackScript> all;
  for (int number = 0; number != 10; ++number) {
    const std::string room = "talk." + std::to_string(number);
    AttackScript talker = attack::plain(room);
    talker.repeated = attack::text("talk talk");
    talker.interval = std::chrono::milliseconds(20);
    talker.reconnects = true;
    all.push_back(talker);
    AttackScript slow = attack::plain(room);
    slow.reads = false;
    slow.receive_buffer = 4096;
    slow.reconnects = true;
    all.push_back(slow);
  }
  return all;
}

std::size_t median(std::vector<std::size_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

class Soak : public Siege {
 protected:
  [[nodiscard]] int rooms() const {
    const std::string metrics = get(port(), "/metrics").body;
    const std::string name = "\ncoroom_rooms ";
    return std::stoi(metrics.substr(metrics.find(name) + name.size()));
  }

  /// Samples of the memory at equal intervals.
  std::vector<std::size_t> memory_during(Swarm& swarm, std::chrono::milliseconds time) const {
    const std::size_t looks = 60;
    std::vector<std::size_t> seen;
    while (seen.size() != looks) {
      swarm.run_for(time / looks);
      seen.push_back(vitals().memory());
      if (seen.size() % 5 != 0) continue;
      std::printf("soak: %2zu of %zu: %.1f MiB, %zu file descriptors\n", seen.size(), looks,
                  static_cast<double>(seen.back()) / (1 << 20), vitals().open_files());
      std::fflush(stdout);
    }
    return seen;
  }
};

TEST_F(Soak, KeepsMemoryConstant) {
  constexpr double allowed_growth = 0.05;
  constexpr std::size_t allowed_bytes = std::size_t{1} << 20;
  // Histories and the number of rooms reach their limits soon after the start.
  begin({"--log-level=warning", "--handshake-timeout=1s", "--ping-interval=2s", "--history-size=20"});
  const int rooms_before = rooms();
  const auto coming = guests();
  const auto staying = residents();
  Swarm swarm(port(), 300);
  for (const auto* scripts : {&coming, &staying}) {
    for (const AttackScript& script : *scripts) swarm.add(script);
  }
  const auto memory = memory_during(swarm, wanted_time());
  const auto quarter = static_cast<std::ptrdiff_t>(memory.size() / 4);
  const std::size_t second = median({memory.begin() + quarter, memory.begin() + 2 * quarter});
  const std::size_t last = median({memory.end() - quarter, memory.end()});
  EXPECT_LE(last,
            static_cast<std::size_t>(static_cast<double>(second) * (1 + allowed_growth)) + allowed_bytes)
      << "medians of the memory in the second quarter (" << second << ") and in the last";
  // AddressSanitizer returns no memory: it keeps freed blocks to detect their use.
  set_memory_before(second);
  end_attack(swarm);
  EXPECT_TRUE(wait_for([&] { return rooms() <= rooms_before; }, std::chrono::seconds(10)))
      << rooms() << " rooms, and " << rooms_before << " before";
  end();
}

}  // namespace
}  // namespace coroom::test
