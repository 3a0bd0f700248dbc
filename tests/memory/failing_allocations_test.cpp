#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>

namespace coroom::test {
namespace {

/// Which allocations fail; 0: none.
std::atomic<unsigned> failing_each{0};
std::atomic<unsigned> allocations{0};
std::atomic<unsigned> failed{0};

/// Of the test's own thread none does.
thread_local bool is_spared = false;

}  // namespace

void* allocate(std::size_t size) {
  const unsigned each = failing_each.load(std::memory_order_relaxed);
  if (each != 0 && !is_spared && allocations++ % each == each - 1) {
    ++failed;
    throw std::bad_alloc();
  }
  void* const memory = std::malloc(size == 0 ? 1 : size);  // NOLINT: it is what is replaced
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace coroom::test

void* operator new(std::size_t size) {
  return coroom::test::allocate(size);
}
void* operator new[](std::size_t size) {
  return coroom::test::allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);  // NOLINT: the same
}
void operator delete[](void* memory) noexcept {
  std::free(memory);  // NOLINT: the same
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);  // NOLINT: the same
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);  // NOLINT: the same
}

namespace coroom::test {
namespace {

/// How often an allocation of the server's threads fails.
class FailingAllocations : public testing::TestWithParam<unsigned> {
 protected:
  FailingAllocations() { is_spared = true; }

  /// Somebody uses the server, and may be thrown out at any point.
  template <class Use>
  static void use(Use use) {
    try {
      use();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): closed, or without an answer
    }
  }

  static void use_all_of(std::uint16_t port) {
    use([&] { get(port, "/"); });
    use([&] { get(port, "/health"); });
    use([&] { get(port, "/rooms"); });
    use([&] { get(port, "/nothing"); });
    use([&] {
      WebSocketClient chatter(port, "/chat?room=tea");
      for (int time = 0; time != 20; ++time) chatter.send_text("hello " + std::to_string(time));
      chatter.send_close(1000);
    });
    use([&] {
      CentrifugeClient client(port);
      client.send("connect");
      client.send("subscribe", R"({"channel":"tea","join_leave":true,"recover":true,"offset":0,"epoch":""})");
      for (int time = 0; time != 20; ++time) client.send("publish", R"({"channel":"tea","data":"hello"})");
      client.send("history", R"({"channel":"tea","limit":100})");
      client.send("presence", R"({"channel":"tea"})");
      client.send("unsubscribe", R"({"channel":"tea"})");
      client.socket().send_close(1000);
    });
  }

  static void attack(const RunningServer& server) {
    failing_each = GetParam();
    const unsigned before = failed;
    for (int round = 0; round != 40; ++round) use_all_of(server.port());
    EXPECT_TRUE(eventually([&] { return server.count(Count::sessions) != 0; }));
    failing_each = 0;
    EXPECT_GT(failed, before);
  }

  static void expect_to_serve(const RunningServer& server, const std::string& room) {
    EXPECT_EQ(get(server.port(), "/health").status, 200);
    CentrifugeClient client(server.port());
    client.connect();
    EXPECT_EQ(error_of(client.call("subscribe", R"({"channel":")" + room + "\"}")), 0) << room;
    EXPECT_EQ(error_of(client.call("publish", R"({"channel":")" + room + R"(","data":1})")), 0) << room;
    EXPECT_EQ(client.read_push().at("data"), 1);
  }
};

TEST_P(FailingAllocations, EndWhatAskedForThemAndNotTheServer) {
  RunningServer server;
  attack(server);
  expect_to_serve(server, "cake");
  expect_to_serve(server, "tea");
}

TEST_P(FailingAllocations, LoseNothingOnTheDiskAndDoNotEndItsThread) {
  const TemporaryFolder folder;
  auto options = test_options();
  options.data = folder.path();
  RunningServer server(options);
  attack(server);
  expect_to_serve(server, "cake");
  expect_to_serve(server, "tea");
}

INSTANTIATE_TEST_SUITE_P(Each, FailingAllocations, testing::Values(11U, 37U, 101U, 499U, 2003U),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace coroom::test
