#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "support/websocket_client.hpp"
#include "testkit/request_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using SlowClients = Siege;

AttackScript dripping(std::string opening, std::chrono::milliseconds interval) {
  AttackScript script;
  script.opening = std::move(opening);
  script.repeated = "abcdefgh";
  script.interval = interval;
  return script;
}

AttackScript not_reading(AttackScript script) {
  script.reads = false;
  script.receive_buffer = 4096;
  return script;
}

std::vector<Wave> slow_peers(std::size_t many) {
  using namespace std::chrono_literals;
  const std::string upgrade = attack::upgrade("/chat?room=slow");
  const std::string long_frame = masked_frame(0x81, std::string(60'000, 'x'));
  std::string requests;
  for (int number = 0; number != 50; ++number) requests += attack::get("/");

  AttackScript silent;
  AttackScript half_upgrade;
  half_upgrade.opening = upgrade.substr(0, upgrade.size() / 2);
  AttackScript greedy;
  greedy.opening = requests;
  AttackScript talker = attack::plain("slow");
  talker.repeated = attack::text(std::string(4096, 't'));

  std::vector<Wave> waves = {
      {"slow headers", {{dripping("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", 100ms), many}}, 0},
      {"slow body",
       {{dripping(RequestBuilder("POST", "/emulation").field("Content-Length", "10000").bytes(), 100ms),
         many}},
       0},
      // The responses fit into the system's buffers, so these connections just stay idle.
      {"requests whose answers nobody reads", {{not_reading(greedy), many}}, many},
      {"members who do not read", {{not_reading(attack::plain("slow")), many}, {talker, 1}}, 1},
      {"connect and say nothing", {{silent, many}}, 0},
      {"half an upgrade", {{half_upgrade, many}}, 0},
      {"half a frame", {{attack::plain("half", long_frame.substr(0, 1000)), many}}, 0},
      {"slow frames", {{attack::plain("half", long_frame.substr(0, 10)), many}}, 0},
  };
  waves.back().parts.front().script.repeated = long_frame.substr(10);
  waves.back().parts.front().script.interval = 100ms;
  return waves;
}

TEST_F(SlowClients, IsDisconnectedAndDelaysNoOthers) {
  const auto many = short_or_long<std::size_t>(100, 1000);
  run_waves(slow_peers(many),
            {"--handshake-timeout=2s", "--ping-interval=2s", "--message-timeout=2s", "--byte-rate=1MiB"},
            1000, short_or_long(std::chrono::seconds(4), std::chrono::seconds(15)));
}

}  // namespace
}  // namespace coroom::test
