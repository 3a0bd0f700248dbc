// What a connection holds at most in each of its worst states, and what all of one address do: the numbers of
// docs/limits.md. Bytes are counted at the allocator, and the clients hold none of them.
#include "memory/account.hpp"
#include "memory/herd.hpp"
#include "support/certificate.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

namespace coroom::test {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t connections = 50;

/// The limits of addresses hold for these tests, but for rates: others are not to be waited for.
server::ServerConfig options_with_limits() {
  server::ServerConfig options = test_options();
  options.threads = 1;
  options.unlimited_networks = {"192.0.2.1"};
  options.address_rate_limit = {.messages = 0, .bytes = 0};
  return options;
}

class ConnectionMemory : public testing::Test {
 protected:
  void serve(const server::ServerConfig& options = options_with_limits()) {
    server_ = std::make_unique<RunningServer>(options);
    // What a server makes at the first connection stays.
    Herd first(port(), 1);
    first.send(upgrade());
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::sessions) == 1; }));
    first.send(std::string("\x81\x85\x00\x00\x00\x00hello", 11));
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::messages) == 1; }));
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string upgrade() const { return upgrade_request(port(), "/chat?room=memory", ""); }

  /// Has connections brought into a state; gives what each of them holds then, once that is `least` bytes and
  /// does not grow any more.
  std::size_t held_by_each(const std::function<void(Herd&)>& bring, std::size_t least) {
    const std::size_t before = settled();
    Herd herd(port(), connections);
    bring(herd);
    const auto held = [&] {
      const std::size_t now = settled();
      return now < before ? 0 : (now - before) / connections;
    };
    EXPECT_TRUE(eventually([&] { return held() >= least; })) << held();
    const std::size_t most = held();
    RecordProperty("bytes", static_cast<int>(most));
    std::cout << "  " << most << " bytes each\n";
    return most;
  }

  std::unique_ptr<RunningServer> server_;

 private:
  /// What is allocated, when it has been the same for a moment.
  static std::size_t settled() {
    constexpr int quiet = 20;  // looks
    std::size_t last = allocated_bytes();
    for (int same = 0, looks = 0; same != quiet && looks != 500; ++looks) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::size_t now = allocated_bytes();
      same = now == last ? same + 1 : 0;
      last = now;
    }
    return last;
  }
};

TEST_F(ConnectionMemory, OfHttpThatWaits) {
  serve();
  const auto ask = [](Herd& herd) {
    herd.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    herd.read();
  };
  EXPECT_LE(held_by_each(ask, 4 * kib), 12 * kib);
}

TEST_F(ConnectionMemory, OfHalfAHead) {
  serve();
  const auto fill = [](Herd& herd) {
    std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
    while (head.size() < 4 * kib) head += "a:\r\n";
    herd.send(head);
    herd.send("b: " + std::string(11 * kib, 'b'));
  };
  EXPECT_LE(held_by_each(fill, 16 * kib), 112 * kib);
}

TEST_F(ConnectionMemory, OfAHeadWithAllFields) {
  serve();
  const auto fill = [](Herd& herd) {
    std::string head = "POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n";
    for (int field = 0; field != 120; ++field) head += "a: " + std::string(120, 'a') + "\r\n";
    herd.send(head + "\r\n");
  };
  EXPECT_LE(held_by_each(fill, 30 * kib), 96 * kib);
}

TEST_F(ConnectionMemory, OfAChunkExtension) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;x=");
    herd.send(std::string(15 * kib, 'x'));
  };
  EXPECT_LE(held_by_each(fill, 15 * kib), 48 * kib);
}

TEST_F(ConnectionMemory, OfAShortBody) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    herd.send(std::string(4000, ' '));
  };
  EXPECT_LE(held_by_each(fill, 8 * kib), 24 * kib);
}

TEST_F(ConnectionMemory, OfBodiesIsSharedByAnAddress) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    herd.send(std::string(900'000, ' '));
  };
  EXPECT_LE(held_by_each(fill, 4 * mib / connections), 8 * mib / connections + 24 * kib);
}

TEST_F(ConnectionMemory, OfBodiesThatNoRouteTakes) {
  serve();
  for (const char* line : {"POST /nothing", "GET /"}) {
    const auto fill = [line](Herd& herd) {
      herd.send(std::string(line) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
      herd.send(std::string(900'000, ' '));
    };
    EXPECT_LE(held_by_each(fill, 4 * kib), 16 * kib) << line;
  }
}

TEST_F(ConnectionMemory, OfAWebSocketThatWaits) {
  serve();
  const auto enter = [this](Herd& herd) {
    herd.send(upgrade());
    for (int times = 0; times != 20; ++times) herd.read();
  };
  EXPECT_LE(held_by_each(enter, 2 * kib), 12 * kib);
}

TEST_F(ConnectionMemory, OfHalfAMessage) {
  serve();
  const auto begin = [this](Herd& herd) {
    const std::size_t before = allocated_bytes();
    herd.send(upgrade());
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::sessions) > connections; }));
    const std::string head("\x81\xfe\xff\xff\x00\x00\x00\x00", 8);
    herd.send(head + std::string(65'000, 'a'));
    EXPECT_TRUE(eventually([&] { return allocated_bytes() > before + connections * 65'000; }));
    herd.send("one more byte, for which a string doubles");
  };
  EXPECT_LE(held_by_each(begin, 100 * kib), 144 * kib);
}

TEST_F(ConnectionMemory, OfHalfATlsHandshake) {
  const TemporaryFolder folder;
  folder.write("cert.pem", make_certificate("localhost"));
  auto options = options_with_limits();
  options.tls_certificate = options.tls_key = folder.path() / "cert.pem";
  server_ = std::make_unique<RunningServer>(options);
  const auto begin = [](Herd& herd) {
    // A hello as long as may be, but for its last byte.
    std::string hello("\x16\x03\x01\x40\x00\x01\x00\x40\x00", 9);
    hello.resize(5 + 16 * kib, 'x');
    herd.send(hello);
  };
  EXPECT_LE(held_by_each(begin, 16 * kib), 96 * kib);
}

}  // namespace
}  // namespace coroom::test
