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
using Reset = Siege;
using Leaves = AttackScript::Leaves;

AttackScript leaving(AttackScript script, Leaves when) {
  script.leaves = when;
  script.reconnects = true;
  return script;
}

AttackScript only(std::string opening) {
  AttackScript script;
  script.opening = std::move(opening);
  return script;
}

std::vector<Wave> resets(std::size_t many) {
  const std::string upgrade = attack::upgrade("/chat?room=reset");
  const std::string frame = attack::text("hello");
  const std::string post =
      RequestBuilder("POST", "/connection/http_stream").field("Content-Length", "21").bytes();
  const std::string close = masked_frame(0x88, std::string_view("\x03\xe8", 2));
  const std::string wrong = masked_frame(0x8b, "");
  const std::string subscribe = command(2, "subscribe", channel_request("reset"));
  const auto wave = [many](std::string name, const AttackScript& script, Leaves when) {
    return Wave{std::move(name), {{leaving(script, when), many}}};
  };
  return {
      wave("after connect", only(""), Leaves::once_opened),
      wave("in the request line", only("GET /ch"), Leaves::once_opened),
      wave("in the headers", only(upgrade.substr(0, 60)), Leaves::once_opened),
      wave("in the body", only(post + "{\"id\":1"), Leaves::once_opened),
      wave("after a request", only(attack::get("/")), Leaves::once_opened),
      wave("in a stream", only(post + command(1, "connect")), Leaves::once_received),
      wave("after the upgrade request", only(upgrade), Leaves::once_opened),
      wave("after the upgrade", attack::plain("reset", "\x81"), Leaves::once_sent),
      wave("in the middle of a frame", attack::plain("reset", frame.substr(0, 8)), Leaves::once_sent),
      wave("in a message of two frames", attack::plain("reset", masked_frame(0x1, "he")), Leaves::once_sent),
      wave("in a room", attack::plain("reset", frame), Leaves::once_received),
      wave("while it joins", attack::centrifuge(subscribe), Leaves::once_sent),
      wave("as a subscriber", attack::centrifuge(subscribe), Leaves::once_received),
      wave("in the closing handshake", attack::plain("reset", close), Leaves::once_sent),
      wave("after the closing handshake", attack::plain("reset", close), Leaves::once_received),
      wave("while the server closes", attack::plain("reset", wrong), Leaves::once_received),
  };
}

TEST_F(Reset, LeavesNothingBehindAtAnyStage) {
  run_waves(resets(short_or_long<std::size_t>(5, 50)), {}, 1000,
            short_or_long(std::chrono::seconds(5), std::chrono::seconds(8)));
}

}  // namespace
}  // namespace coroom::test
