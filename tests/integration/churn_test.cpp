#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <malloc.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define COROOM_TEST_SANITIZED
#endif
#endif

namespace coroom::test {
namespace {

constexpr int connections = 10'000;
constexpr int warm_up = 500;
constexpr std::size_t allowed_growth = 64 * 1024;  // bytes; a few per leaked connection would exceed it

std::size_t heap_in_use() {
#ifdef COROOM_TEST_SANITIZED
  return __sanitizer_get_current_allocated_bytes();
#else
  return mallinfo2().uordblks;
#endif
}

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

/// Connects and disconnects, in a way that depends on the number.
void connect_and_leave(std::uint16_t port, int number) {
  switch (number % 5) {
    case 0:
      TcpClient(port).reset();
      break;
    case 1:
      get(port, "/nothing", "Connection: close\r\n");
      break;
    case 2:
      RawWebSocketClient(port).leave();
      break;
    case 3:
      RawWebSocketClient(port, "/chat?room=" + std::to_string(number)).tcp().reset();
      break;
    default: {
      RawWebSocketClient client(port);
      client.send_raw(masked_frame(0x81, "half").substr(0, 3));
      client.tcp().reset();
    }
  }
}

TEST(Churn, ReleasesEverythingAfter10000Connections) {
  RunningServer server;
  const auto no_rooms = [&] { return server.rooms() == 0; };
  for (int number = 0; number != warm_up; ++number) connect_and_leave(server.port(), number);
  ASSERT_TRUE(eventually(no_rooms));
  const std::size_t files_before = open_files();
  std::size_t heap_before = heap_in_use();

  for (int number = 0; number != connections; ++number) connect_and_leave(server.port(), number);
  EXPECT_TRUE(eventually(no_rooms));
  EXPECT_TRUE(eventually([&] { return open_files() <= files_before; }));
  EXPECT_TRUE(eventually([&] { return heap_in_use() < heap_before + allowed_growth; }))
      << heap_before << " bytes before, " << heap_in_use() << " after";
  EXPECT_TRUE(eventually([&] { return server.count(Counter::connections) == connections + warm_up; }))
      << server.count(Counter::connections);
}

}  // namespace
}  // namespace coroom::test
