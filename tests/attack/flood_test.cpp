#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/request_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using Flood = Siege;

constexpr unsigned final = 0x80;
constexpr unsigned compressed = 0x40;

std::string times(int count, std::string_view bytes) {
  std::string all;
  for (; count != 0; --count) all += bytes;
  return all;
}

AttackScript pouring(AttackScript script, std::string repeated) {
  script.repeated = std::move(repeated);
  script.reconnects = true;
  return script;
}

/// The head of a frame that announces a payload of this size.
std::string frame_of(std::uint64_t size) {
  std::string frame{"\x82\xff", 2};
  for (int shift = 56; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(size >> shift & 0xffU));
  return frame + "mask";
}

std::string line(std::string_view method, std::string_view request) {
  return command(7, method, request) + '\n';
}

/// Returns frames of commands, each without its last newline, because an empty line is a violation.
std::string frames_of(const std::vector<std::string>& commands) {
  std::string all;
  for (const std::string& lines : commands)
    all += attack::text(std::string_view(lines).substr(0, lines.size() - 1));
  return all;
}

std::string entering_and_leaving() {
  std::vector<std::string> commands;
  for (int number = 0; number != 200; ++number) {
    const std::string channel = channel_request("fleeting." + std::to_string(number));
    commands.push_back(line("subscribe", channel) + line("unsubscribe", channel));
  }
  return frames_of(commands);
}

std::string asking_in_vain() {
  std::vector<std::string> commands;
  for (int number = 0; number != 50; ++number) {
    const std::string room = "unknown." + std::to_string(number);
    commands.push_back(line("publish", publish_request(room, "1")));
    commands.push_back(line("history", channel_request(room, R"("limit":-1)")));
    commands.push_back(line("presence", channel_request(room)) + line("unsubscribe", channel_request(room)));
    commands.push_back(line("subscribe", channel_request(std::string(300, 'x'))));
    commands.push_back(line("rpc", R"({"method":"x"})"));
  }
  return frames_of(commands);
}

std::vector<Wave> floods(std::size_t many) {
  const std::string empty = masked_frame(final | 0x1U, "");
  const std::string fragment = masked_frame(0, "x");
  AttackScript fragments = attack::plain("flood", masked_frame(0x1, "x"));
  AttackScript empty_fragments = attack::plain("flood", masked_frame(0x1, ""));
  AttackScript nonsense = attack::centrifuge("");
  nonsense.message = attack::text(command(1, "connect")) + attack::text("{\"id\":2,");
  AttackScript body;
  body.opening = RequestBuilder("POST", "/emulation").field("Content-Length", "9000000000000000000").bytes();
  AttackScript header;
  header.opening = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  return {
      {"pings",
       {{pouring(attack::plain("flood"), times(200, masked_frame(final | 0x9U, "12345678"))), many}}},
      {"pings whose pongs nobody reads",
       {{[] {
           AttackScript script =
               pouring(attack::plain("flood"), times(200, masked_frame(final | 0x9U, std::string(125, 'p'))));
           script.reads = false;
           return script;
         }(),
         many}}},
      {"empty messages", {{pouring(attack::plain("flood"), times(50, empty)), 1}}},
      {"empty fragments", {{pouring(empty_fragments, times(1000, masked_frame(0, ""))), many}}},
      {"fragments of a byte", {{pouring(fragments, times(1000, fragment)), many}}},
      {"lengths of many exbibytes",
       {{pouring(attack::plain("flood", frame_of(0x7fffffffffffffffULL)), "x"), many},
        {pouring(attack::plain("flood", frame_of(std::uint64_t{1} << 40)), "x"), many},
        {pouring(body, "x"), many},
        {pouring(header, "X: y\r\n"), many}}},
      {"entering and leaving",
       {{pouring(attack::centrifuge(command(2, "ping")), entering_and_leaving()), many}}},
      {"no JSON", {{pouring(nonsense, "x"), many}}},
      {"asking in vain", {{pouring(attack::centrifuge(command(2, "ping")), asking_in_vain()), many}}},
  };
}

TEST_F(Flood, DoesNotDisturbOtherClients) {
  run_waves(floods(short_or_long<std::size_t>(5, 50)), {}, 500,
            short_or_long(std::chrono::seconds(6), std::chrono::seconds(15)));
}

/// Compressed zeros, a thousand times longer when inflated.
std::string bomb() {
  constexpr std::size_t inflated = std::size_t{60} << 20;
  return masked_frame(final | compressed | 0x2U, attack::deflated_zeros(inflated));
}

TEST_F(Flood, DoesNotInflateBombs) {
  constexpr std::size_t allowed = std::size_t{24} << 20;
  begin({"--compression=on"});
  AttackScript script;
  script.opening = attack::upgrade("/chat?room=bombs", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  script = pouring(script, bomb());
  Swarm swarm(port(), 500);
  swarm.add(script, short_or_long<std::size_t>(20, 100));
  swarm.run_for(short_or_long(std::chrono::seconds(3), std::chrono::seconds(15)));
  EXPECT_GE(swarm.ended_by_server(), 20);
  EXPECT_LT(vitals().peak_memory(), memory_before() + allowed);
  end_attack(swarm);
  end();
}

}  // namespace
}  // namespace coroom::test
