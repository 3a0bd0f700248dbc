#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "testkit/request_builder.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;

/// State that a test and its handlers share.
struct BodyGate {
  std::atomic<int> inside{0};
  std::atomic<bool> open{false};
};

/// Holds the body of its request until the gate opens.
class HoldHandler : public RequestHandler {
 public:
  explicit HoldHandler(BodyGate* gate) : gate_(*gate) {}

  task<> post() override {
    ++gate_.inside;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!gate_.open) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    write(std::to_string(request().body.size()));
  }

 private:
  BodyGate& gate_;
};

class BodyMemoryLimit : public testing::Test {
 protected:
  static constexpr std::size_t size = 200'000;

  static Settings settings() {
    Settings settings = quick_settings();
    settings.trusted_proxies = {"127.0.0.1"};
    settings.limits.max_body_size = size;
    settings.limits.address_body_memory = 2 * size + size / 4;
    settings.limits.body_memory = 3 * size + size / 4;
    return settings;
  }

  TcpClient post(const char* address, std::size_t bytes = size, const char* path = "/hold") {
    TcpClient client(application_.port());
    client.send(RequestBuilder("POST", path).field("X-Forwarded-For", address).body(std::string(bytes, 'a')));
    return client;
  }

  /// Posts a body and blocks until its handler runs.
  void hold(const char* address) {
    const int before = gate_.inside;
    held_.push_back(post(address));
    EXPECT_TRUE(eventually([&] { return gate_.inside == before + 1; }));
  }

  BodyGate gate_;
  RunningApplication application_{{route<HoldHandler>("/hold", &gate_)}, settings()};
  std::vector<TcpClient> held_;
};

TEST_F(BodyMemoryLimit, AppliesPerAddressAndInTotal) {
  hold("198.51.100.7");
  hold("198.51.100.7");
  TcpClient third = post("198.51.100.7");
  EXPECT_EQ(read_response(third).status, 429);
  hold("198.51.100.8");
  TcpClient fourth = post("198.51.100.9");
  EXPECT_EQ(read_response(fourth).status, 503);
  EXPECT_EQ(gate_.inside, 3);
  TcpClient unwanted = post("198.51.100.9", size, "/nothing");
  EXPECT_EQ(read_response(unwanted).status, 404) << "a dropped body needs no memory";

  gate_.open = true;
  for (TcpClient& client : held_) EXPECT_EQ(read_response(client).body, std::to_string(size));
  TcpClient again = post("198.51.100.7");
  EXPECT_EQ(read_response(again).status, 200) << "the memory was released";
}

TEST_F(BodyMemoryLimit, IgnoresShortBodies) {
  hold("198.51.100.7");
  hold("198.51.100.7");
  hold("198.51.100.8");
  TcpClient client = post("198.51.100.7", 1000);
  EXPECT_TRUE(eventually([&] { return gate_.inside == 4; }));
  gate_.open = true;
  EXPECT_EQ(read_response(client).body, "1000");
}

}  // namespace
}  // namespace coroom::test
