// Allocations of the server's threads fail while clients use the server. A failure ends only the
// affected request, call or connection. The process continues, and each client gets an answer or the end of
// its connection.
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

// The time for each rate of failures.
constexpr std::chrono::milliseconds duration{150};

constexpr unsigned clients = 4;
constexpr std::chrono::seconds longest_stop{5};

/// Runs one client. Its connection may end at any point, but it must not wait for an answer in vain.
/// TcpClient stops waiting after ten seconds.
void run_client(const char* name, const std::function<void()>& client) {
  std::string end;
  try {
    client();
  } catch (const std::exception& exception) {
    end = exception.what();
  }
  EXPECT_FALSE(end.starts_with("recv: ")) << name << " got no answer";
}

void request_pages(std::uint16_t port, const std::string& /*room*/) {
  for (const std::string_view target : {"/", "/health", "/rooms", "/metrics", "/nothing"})
    run_client("GET", [&] { get(port, target); });
}

void chat(std::uint16_t port, const std::string& room) {
  run_client("chat", [&] {
    RawWebSocketClient client(port, "/chat?room=" + room);
    client.send_text("hello");  // no reply follows
    client.leave();
  });
}

void call_methods(std::uint16_t port, const std::string& room) {
  const std::string channel = R"({"channel":")" + room + '"';
  run_client("centrifuge", [&] {
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

/// Connects over HTTP streaming, without WebSocket.
void stream(std::uint16_t port, const std::string& /*room*/) {
  run_client("stream", [&] {
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
  while (client.read_push().at("data") != 1) continue;  // earlier publications may arrive first
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

  /// Fails each allocation once while one client runs.
  void fail_each_allocation_of(void (*client)(std::uint16_t, const std::string&)) {
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

TEST_P(AllocationFailure, EndsOnlyTheAffectedRequest) {
  fail_each_allocation_of(request_pages);
}

TEST_P(AllocationFailure, EndsOnlyTheAffectedChatClient) {
  fail_each_allocation_of(chat);
}

TEST_P(AllocationFailure, EndsOnlyTheAffectedStream) {
  fail_each_allocation_of(stream);
}

TEST_P(AllocationFailure, DoesNotPreventShutdown) {
  for (const unsigned each : {11U, 37U, 101U}) {
    auto impatient = options();
    impatient.application.timeouts.drain_timeout =
        std::chrono::milliseconds(100);  // the clients do not answer the close frame
    RunningServer server(impatient);
    std::vector<RawWebSocketClient> chat_clients;
    for (unsigned number = 0; number != clients; ++number) chat_clients.emplace_back(server.port());
    const FailingAllocations failing(Which::each_nth, each);
    expect_to_stop(server);
  }
}

TEST_P(AllocationFailure, EndsOnlyTheAffectedClient) {
  fail_each_allocation_of(call_methods);
}

TEST_P(AllocationFailure, LeavesTheServerUsable) {
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
          request_pages(port, "");
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
