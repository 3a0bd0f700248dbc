#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <unistd.h>

namespace coroom::test {
namespace {
using namespace testkit;
using testing::HasSubstr;

TEST(Binary, PrintsVersionAndHelp) {
  Process version({"--version"});
  EXPECT_EQ(version.wait(), 0);
  EXPECT_THAT(version.output(), testing::MatchesRegex("coroom [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  Process help({"--help"});
  EXPECT_EQ(help.wait(), 0);
  EXPECT_THAT(help.output(), HasSubstr("--queue-limit BYTES (=1MiB)"));
}

TEST(Binary, ExitsWith2OnInvalidFlag) {
  for (const char* flag : {"--prot", "--port=x", "stray", "--assets=/nowhere"}) {
    Process process({flag});
    EXPECT_EQ(process.wait(), 2) << flag;
    EXPECT_EQ(lines_with(process.output(), ""), 1) << process.output();
    EXPECT_THAT(process.output(), testing::StartsWith("coroom: "));
  }
}

TEST(Binary, ExitsWith1OnPortInUse) {
  for (const char* threads : {"--threads=1", "--threads=2"}) {
    Process first({"--port=0", threads});
    const std::string port = std::to_string(first.wait_for_port());
    Process second({"--port=" + port, threads});
    EXPECT_EQ(second.wait(), 1);
    EXPECT_EQ(second.output(),
              "coroom: cannot listen on 127.0.0.1 port " + port + ": another program listens on this port\n");
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 0);
  }
}

TEST(Binary, ExitsWith0OnSignal) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Process process({"--port=0"});
    RawWebSocketClient client(process.wait_for_port());
    EXPECT_EQ(client.read_event(), chat_line::joined);
    process.signal(signal);
    EXPECT_EQ(client.read_close().close_code(), centrifuge_close::shutdown);
    EXPECT_EQ(process.wait(), 0);
    EXPECT_EQ(lines_with(process.output(), " started "), 1);
    EXPECT_EQ(lines_with(process.output(), " stopped"), 1);
  }
}

TEST(Binary, WarnsWhenRunAsRoot) {
  for (const Rights rights : {Rights::ours, Rights::of_nobody}) {
    Process process({"--port=0"}, {}, rights);
    process.wait_for_port();
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
    const bool root = rights == Rights::ours && geteuid() == 0;
    EXPECT_EQ(lines_with(process.output(), "runs as root"), root ? 1 : 0) << process.output();
  }
}

TEST(Binary, ExitsAtOnceOnSecondSignal) {
  Process process({"--port=0", "--drain-timeout=5m", "--handshake-timeout=5m"});
  RawWebSocketClient deaf(process.wait_for_port());
  EXPECT_EQ(deaf.read_event(), chat_line::joined);
  process.signal(SIGTERM);
  EXPECT_EQ(deaf.read().close_code(), centrifuge_close::shutdown);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
}

TEST(Binary, ReadsFlagsFromEnvironment) {
  Process process({}, {"COROOM_PORT=0", "COROOM_MAX_MESSAGE_SIZE=10"});
  RawWebSocketClient client(process.wait_for_port());
  client.send_text("more than ten bytes");
  EXPECT_EQ(client.read_close().close_code(), websocket_close::too_big);
  client.tcp().close();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST(Binary, WarnsOfUnknownAndUnreachableSettings) {
  Process process({"--port=0", "--max-connections=999999999999"}, {"COROOM_PROT=1"});
  process.wait_for_port();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(lines_with(process.output(), "variable=COROOM_PROT"), 1) << process.output();
  EXPECT_EQ(lines_with(process.output(), "requested=999999999999"), 1) << process.output();
}

TEST(Binary, LogsViolationOnceWithoutPayload) {
  Process process({"--port=0"});
  const std::uint16_t port = process.wait_for_port();
  RawWebSocketClient offender(port);
  offender.send_raw("\x81\x06secret");
  EXPECT_EQ(offender.read_close().close_code(), websocket_close::protocol_error);
  offender.tcp().close();
  ask(port, "secret\r\n\r\n");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(lines_with(process.output(), "websocket violation"), 1);
  EXPECT_EQ(lines_with(process.output(), "http request refused"), 1);
  EXPECT_THAT(process.output(), HasSubstr("name=websocket_errors value=1"));
  EXPECT_THAT(process.output(), testing::Not(HasSubstr("secret")));
}

TEST(Binary, LogsJsonWithLogFormatJson) {
  Process process({"--port=0", "--log-format=json"});
  get(process.wait_for_port(), "/a\"b\\%00");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  int objects = 0;
  std::istringstream lines(process.output());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("coroom ")) continue;  // the announcement, which is plain text
    boost::system::error_code ec;
    const auto value = boost::json::parse(line, ec);
    ASSERT_FALSE(ec) << line;
    EXPECT_TRUE(value.as_object().contains("time") && value.as_object().contains("level")) << line;
    EXPECT_TRUE(value.as_object().contains("event")) << line;
    ++objects;
  }
  EXPECT_GE(objects, 4);
}

}  // namespace
}  // namespace coroom::test
