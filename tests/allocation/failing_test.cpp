// Allocations of the server's threads fail while clients use it. Such a failure ends the request, the call or
// the connection that met it: the process and all others go on, and no client waits for an answer in vain.
#include "allocation/failing_allocations.hpp"
#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using std::chrono::steady_clock;
using Which = FailingAllocations::Which;

// Of one way in which allocations fail.
constexpr std::chrono::milliseconds duration{150};

constexpr unsigned clients = 4;
constexpr std::chrono::seconds longest_stop{5};

/// Runs one client, whose connection may end at any point; but it never waits for an answer in vain, which
/// TcpClient gives up after ten seconds.
void use(const char* what, const std::function<void()>& client) {
  std::string end;
  try {
    client();
  } catch (const std::exception& exception) {
    end = exception.what();
  }
  EXPECT_FALSE(end.starts_with("recv: ")) << what << " got no answer";
}

void ask_for_pages(std::uint16_t port, const std::string& /*room*/) {
  for (const std::string_view target : {"/", "/health", "/rooms", "/metrics", "/nothing"})
    use("GET", [&] { get(port, target); });
}

void chat(std::uint16_t port, const std::string& room) {
  use("chat", [&] {
    RawWebSocketClient client(port, "/chat?room=" + room);
    client.send_text("hello");  // which has no reply
    client.leave();
  });
}

void call_methods(std::uint16_t port, const std::string& room) {
  const std::string channel = R"({"channel":")" + room + '"';
  use("centrifuge", [&] {
    CentrifugeClient client(port);
    client.connect();
    client.call("subscribe", channel + R"(,"join_leave":true,"recover":true,"offset":0,"epoch":""})");
    for (int time = 0; time != 3; ++time) client.send("publish", channel + R"(,"data":"hello"})");
    client.call("publish", channel + R"(,"data":"hello"})");
    client.call("history", channel + R"(,"limit":100})");
    client.call("presence", channel + "}");
    client.call("presence_stats", channel + "}");
    client.call("unsubscribe", channel + "}");
    client.socket().leave();
  });
}

/// The protocol without WebSocket: commands by requests of their own.
void stream(std::uint16_t port, const std::string& /*room*/) {
  use("stream", [&] {
    const std::string host = " HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n";
    TcpClient client(port);
    client.send("GET /connection/http_stream?cf_connect=%7B%22id%22%3A1%2C%22connect%22%3A%7B%7D%7D" + host +
                "\r\n");
    client.read_until("\r\n\r\n");
    client.read_until("\n");
  });
}

void expect_to_serve(std::uint16_t port, const std::string& room) {
  EXPECT_EQ(get(port, "/health").status, 200);
  CentrifugeClient client(port);
  client.connect();
  const std::string channel = R"({"channel":")" + room + '"';
  EXPECT_EQ(error_of(client.call("subscribe", channel + "}")), 0) << room;
  EXPECT_EQ(error_of(client.call("publish", channel + R"(,"data":1})")), 0) << room;
  while (client.read_push().at("data") != 1) continue;  // what others have said before may come first
}

void expect_no_rooms(const RunningServer& server) {
  EXPECT_TRUE(eventually([&] { return server.rooms() == 0; })) << server.rooms() << " rooms are left";
}

void expect_to_stop(RunningServer& server) {
  const auto begun = steady_clock::now();
  server.stop();
  EXPECT_LT(steady_clock::now() - begun, longest_stop);
}

class AllocationFailure : public testing::TestWithParam<bool> {
 protected:
  AllocationFailure() { FailingAllocations::spare_this_thread(); }

  server::ServerConfig options() {
    auto options = test_options();
    if (GetParam()) options.data = folder_.path();
    return options;
  }

  /// Has each allocation of one client's time fail once.
  void fail_each_of(void (*client)(std::uint16_t, const std::string&)) {
    RunningServer server(options());
    unsigned number = 0;
    unsigned failed = 1;
    while (failed != 0) {
      const FailingAllocations failing(Which::nth, ++number);
      client(server.port(), "tea");
      failed = FailingAllocations::count();
    }
    EXPECT_GT(number, 10U);
    expect_to_serve(server.port(), "tea");
    expect_no_rooms(server);
    expect_to_stop(server);
  }

 private:
  TemporaryFolder folder_;
};

TEST_P(AllocationFailure, EndsOnlyTheRequestThatMetIt) {
  fail_each_of(ask_for_pages);
}

TEST_P(AllocationFailure, EndsOnlyTheChatterThatMetIt) {
  fail_each_of(chat);
}

TEST_P(AllocationFailure, EndsOnlyTheStreamThatMetIt) {
  fail_each_of(stream);
}

TEST_P(AllocationFailure, DoesNotKeepTheServerFromItsEnd) {
  for (const unsigned each : {11U, 37U, 101U}) {
    auto impatient = options();
    impatient.drain_timeout = std::chrono::milliseconds(100);  // the clients do not answer its goodbye
    RunningServer server(impatient);
    std::vector<RawWebSocketClient> chatters;
    for (unsigned number = 0; number != clients; ++number) chatters.emplace_back(server.port());
    const FailingAllocations failing(Which::each_nth, each);
    expect_to_stop(server);
  }
}

TEST_P(AllocationFailure, EndsOnlyTheClientThatMetIt) {
  fail_each_of(call_methods);
}

TEST_P(AllocationFailure, EndsNothingElseWhenThereAreMany) {
  RunningServer server(options());
  for (const unsigned each : {11U, 37U, 101U, 499U, 2003U}) {
    const FailingAllocations failing(Which::each_nth, each);
    std::vector<std::jthread> threads;
    for (unsigned number = 0; number != clients; ++number) {
      threads.emplace_back([port = server.port(), number] {
        FailingAllocations::spare_this_thread();
        const std::string own = "room-" + std::to_string(number);
        const auto end = steady_clock::now() + duration;
        while (steady_clock::now() < end || FailingAllocations::count() == 0) {
          ask_for_pages(port, "");
          for (const std::string& room : {std::string("tea"), own}) {
            chat(port, room);
            call_methods(port, room);
          }
        }
      });
    }
    threads.clear();
  }
  expect_to_serve(server.port(), "cake");
  expect_to_serve(server.port(), "tea");
  expect_no_rooms(server);
  expect_to_stop(server);
}

INSTANTIATE_TEST_SUITE_P(With, AllocationFailure, testing::Bool(),
                         [](const auto& info) { return info.param ? "ADatabase" : "NoDatabase"; });

}  // namespace
}  // namespace coroom::test
