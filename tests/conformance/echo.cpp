#include "conformance/echo.hpp"

#include "support/certificate.hpp"
#include "support/io_backend.hpp"
#include "support/temporary.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

namespace coroom::test {
namespace {

/// Returns whether all tests use TLS.
bool over_tls() {
  return std::getenv("COROOM_TLS") != nullptr;
}

struct Echo {
  Echo() : process(arguments()), port(process.wait_for_port()) {}

  [[nodiscard]] std::vector<std::string> arguments() const {
    std::vector<std::string> all = {"--port=0", "--threads=2"};
    if (io_backend() == IoBackend::epoll) all.emplace_back("--io-backend=epoll");
    if (over_tls()) {
      folder.write("tls.pem", make_certificate("localhost"));
      const std::string file = folder.path() / "tls.pem";
      all.insert(all.end(), {"--tls-cert=" + file, "--tls-key=" + file});
    }
    return all;
  }

  TemporaryFolder folder;
  Process process;
  std::uint16_t port;
};

std::unique_ptr<Echo> running;  // from the first test to the last

class OneEcho : public testing::Environment {
 public:
  void SetUp() override { running = std::make_unique<Echo>(); }

  /// Checks that the echo still exits with status 0.
  void TearDown() override {
    running->process.signal(SIGTERM);
    EXPECT_EQ(running->process.wait(), 0) << running->process.output();
    running.reset();
  }
};

const auto* const environment = testing::AddGlobalTestEnvironment(new OneEcho);  // owned by gtest

}  // namespace

Process& echo() {
  return running->process;
}

std::uint16_t echo_port() {
  running->process.read_output();
  return running->port;
}

TcpClient::TcpOptions echo_settings() {
  TcpClient::TcpOptions settings;
  settings.tls = over_tls();
  return settings;
}

std::string good_request(std::string_view fields) {
  return "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         std::string(fields) + "\r\n";
}

std::string answer_to(std::string_view request) {
  TcpClient tcp(echo_port(), echo_settings());
  tcp.send(request);
  return tcp.read_until("\r\n\r\n");
}

int status_of(std::string_view head) {
  constexpr std::string_view version = "HTTP/1.1 ";
  return head.starts_with(version) ? std::stoi(std::string(head.substr(version.size(), 3))) : 0;
}

std::string field_of(std::string_view head, std::string_view name) {
  std::istringstream lines{std::string(head)};
  for (std::string line; std::getline(lines, line);) {
    if (boost::algorithm::istarts_with(line, std::string(name) + ": "))
      return line.substr(name.size() + 2, line.size() - name.size() - 3);
  }
  return {};
}

void expect_open(RawWebSocketClient& client) {
  client.send_frame(opcode::ping, "still there?");
  const Frame pong = client.read();
  EXPECT_EQ(pong.opcode, opcode::pong);
  EXPECT_EQ(pong.payload, "still there?");
  client.send_close(1000);
  expect_closed(client, 1000);
}

void expect_closed(RawWebSocketClient& client, int code) {
  const Frame frame = client.read();
  EXPECT_EQ(frame.opcode, opcode::close);
  EXPECT_EQ(frame.close_code(), code) << frame.close_reason();
  EXPECT_TRUE(frame.final);
  EXPECT_FALSE(frame.compressed);
  EXPECT_TRUE(client.tcp().at_end()) << "data behind the close frame";
}

}  // namespace coroom::test
