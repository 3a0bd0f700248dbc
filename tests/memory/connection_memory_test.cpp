// The most memory that a connection takes in each of its worst states, and the connections of one address
// together: the numbers of docs/limits.md. Bytes are counted at the allocator. The clients allocate none.
#include "memory/allocated.hpp"
#include "memory/herd.hpp"
#include "support/certificate.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace coroom::test {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t connections = 50;

/// The limits of addresses apply in these tests, except for rates, which would delay the tests.
server::ServerConfig options_with_limits() {
  server::ServerConfig options = test_options();
  options.application.threads = 1;
  options.application.limits.unlimited_networks = {"192.0.2.1"};
  options.application.limits.address_rate_limit = {.messages = 0, .bytes = 0};
  return options;
}

class ConnectionMemory : public testing::Test {
 protected:
  void serve(const server::ServerConfig& options = options_with_limits()) {
    server_ = std::make_unique<RunningServer>(options);
    // What the server allocates at the first connection remains allocated.
    Herd first(port(), 1);
    first.send(upgrade());
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::sessions) == 1; }));
    first.send(std::string("\x81\x85\x00\x00\x00\x00hello", 11));
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::messages) == 1; }));
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string upgrade() const { return upgrade_request(port(), "/chat?room=memory", ""); }

  /// Brings connections into a state. Returns the bytes that each takes, once they are at least `least` and
  /// no longer grow.
  std::size_t held_by_each(const std::function<void(Herd&)>& prepare, std::size_t least) {
    const std::size_t before = settled().bytes;
    Herd herd(port(), connections);
    prepare(herd);
    const auto held = [&] {
      const std::size_t now = settled().bytes;
      return now < before ? 0 : (now - before) / connections;
    };
    EXPECT_TRUE(eventually([&] { return held() >= least; })) << held();
    const std::size_t most = held();
    RecordProperty("bytes", static_cast<int>(most));
    std::cout << "  " << most << " bytes each\n";
    return most;
  }

  std::unique_ptr<RunningServer> server_;
};

TEST_F(ConnectionMemory, BoundsIdleHttp) {
  serve();
  const auto ask = [](Herd& herd) {
    herd.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    herd.read();
  };
  EXPECT_LE(held_by_each(ask, 4 * kib), 12 * kib);
}

TEST_F(ConnectionMemory, BoundsAnIncompleteHead) {
  serve();
  const auto fill = [](Herd& herd) {
    std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
    while (head.size() < 4 * kib) head += "a:\r\n";
    herd.send(head);
    herd.send("b: " + std::string(11 * kib, 'b'));
  };
  EXPECT_LE(held_by_each(fill, 16 * kib), 112 * kib);
}

TEST_F(ConnectionMemory, BoundsAHeadWithAllFields) {
  serve();
  const auto fill = [](Herd& herd) {
    std::string head = "POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n";
    for (int field = 0; field != 120; ++field) head += "a: " + std::string(120, 'a') + "\r\n";
    herd.send(head + "\r\n");
  };
  EXPECT_LE(held_by_each(fill, 30 * kib), 96 * kib);
}

TEST_F(ConnectionMemory, BoundsAChunkExtension) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;x=");
    herd.send(std::string(15 * kib, 'x'));
  };
  EXPECT_LE(held_by_each(fill, 15 * kib), 48 * kib);
}

TEST_F(ConnectionMemory, BoundsAShortBody) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    herd.send(std::string(4000, ' '));
  };
  EXPECT_LE(held_by_each(fill, 8 * kib), 24 * kib);
}

TEST_F(ConnectionMemory, SharesBodyMemoryPerAddress) {
  serve();
  const auto fill = [](Herd& herd) {
    herd.send("POST /guest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    herd.send(std::string(900'000, ' '));
  };
  EXPECT_LE(held_by_each(fill, 4 * mib / connections), 8 * mib / connections + 24 * kib);
}

TEST_F(ConnectionMemory, BoundsBodiesThatNoRouteReads) {
  serve();
  for (const char* line : {"POST /nothing", "GET /"}) {
    const auto fill = [line](Herd& herd) {
      herd.send(std::string(line) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
      herd.send(std::string(900'000, ' '));
    };
    EXPECT_LE(held_by_each(fill, 4 * kib), 16 * kib) << line;
  }
}

TEST_F(ConnectionMemory, BoundsAnIdleWebSocket) {
  serve();
  const auto upgrade_all = [this](Herd& herd) {
    herd.send(upgrade());
    for (int times = 0; times != 20; ++times) herd.read();
  };
  EXPECT_LE(held_by_each(upgrade_all, 2 * kib), 12 * kib);
}

TEST_F(ConnectionMemory, BoundsAnIncompleteMessage) {
  serve();
  const auto begin = [this](Herd& herd) {
    herd.send(upgrade());
    EXPECT_TRUE(eventually([&] { return server_->count(Counter::sessions) > connections; }));
    const std::size_t before = settled().bytes;
    const std::string head("\x81\xfe\xff\xff\x00\x00\x00\x00", 8);
    herd.send(head + std::string(65'000, 'a'));
    EXPECT_TRUE(eventually([&] { return allocated().bytes > before + connections * 64'000; }));
    herd.send("one more byte, for which a string doubles");
  };
  EXPECT_LE(held_by_each(begin, 100 * kib), 144 * kib);
}

TEST_F(ConnectionMemory, BoundsAnIncompleteTlsHandshake) {
  const TemporaryFolder folder;
  folder.write("cert.pem", make_certificate("localhost"));
  auto options = options_with_limits();
  options.application.tls.certificate = options.application.tls.key = folder.path() / "cert.pem";
  server_ = std::make_unique<RunningServer>(options);
  const auto begin = [](Herd& herd) {
    // A client hello of the greatest length, without its last byte.
    std::string hello("\x16\x03\x01\x40\x00\x01\x00\x40\x00", 9);
    hello.resize(5 + 16 * kib, 'x');
    herd.send(hello);
  };
  EXPECT_LE(held_by_each(begin, 16 * kib), 96 * kib);
}

}  // namespace
}  // namespace coroom::test
