#include "support/granting_tokens.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/tcp_client.hpp"
#include "support/websocket_client.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/centrifuge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::HasSubstr;
using testing::StartsWith;

class OneWay : public testing::Test {
 protected:
  static CentrifugeSettings settings() {
    ConnectionToken token;
    token.user = "ann";
    token.subscriptions = {{"news", {}}};
    CentrifugeSettings settings;
    ConnectionToken unknown;
    unknown.subscriptions = {{"unknown", {}}};
    settings.tokens = std::make_shared<GrantingTokens>(
        GrantingTokens::Grants{{"t", std::move(token)}, {"unknown", std::move(unknown)}});
    settings.check_room = [](std::string_view room) -> tl::expected<void, CentrifugeError> {
      if (room == "unknown") return tl::unexpected(centrifuge_errors::unknown_channel);
      return {};
    };
    settings.ping_interval = std::chrono::milliseconds(100);
    return settings;
  }

  RunningApplication application_{centrifuge_routes(settings())};
};

TEST_F(OneWay, StreamsLinesWithoutEnvelope) {
  TcpClient client(application_.port());
  client.send(RequestBuilder("POST", "/connection/uni_http_stream").body(R"({"token":"t"})"));
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("200 OK"));
  const std::string connect = client.read_until("\n");
  EXPECT_THAT(connect, StartsWith(R"({"connect":{"client":)"));
  EXPECT_THAT(connect, HasSubstr(R"("subs":{"news":{}})"));
  EXPECT_THAT(connect, testing::Not(HasSubstr("pong")));
  ASSERT_TRUE(application_->room("news").post(Message("hi")));
  std::string line = client.read_until("\n");
  while (line == "{}\n") line = client.read_until("\n");
  EXPECT_THAT(line, StartsWith(R"({"channel":"news","pub":{"data":"hi")"));
  EXPECT_EQ(client.read_until("\n"), "{}\n") << "pings come without answers";
  EXPECT_EQ(client.read_until("\n"), "{}\n");
  application_->moderation().kick(ConnectionFilter::user("ann"));
  line = client.read_until("\n");
  while (line == "{}\n") line = client.read_until("\n");
  EXPECT_EQ(line, "{\"disconnect\":{\"code\":3503,\"reason\":\"kicked\"}}\n");
}

TEST_F(OneWay, BeginsEventsWithAComment) {
  TcpClient client(application_.port());
  client.send(RequestBuilder("GET", "/connection/uni_sse"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("text/event-stream"));
  EXPECT_EQ(client.read_until("\n\n"), ":\n\n");
  EXPECT_THAT(client.read_until("\n\n"), StartsWith(R"(data: {"connect":{)"));
}

TEST_F(OneWay, RefusesOtherRequests) {
  for (const char* body : {"[]", "{", R"({"id":1,"connect":{}})", R"({},"x":{})", R"({"token":1})"}) {
    TcpClient client(application_.port());
    client.send(RequestBuilder("POST", "/connection/uni_http_stream").body(body));
    EXPECT_THAT(client.read_until("\r\n"), HasSubstr(" 400 ")) << body;
  }
  TcpClient client(application_.port());
  client.send(RequestBuilder("POST", "/connection/uni_http_stream").body(R"({"token":"forged"})"));
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_until("\n"), "{\"disconnect\":{\"code\":3500,\"reason\":\"invalid token\"}}\n");
}

TEST_F(OneWay, EndsStreamsOfRefusedClients) {
  for (const auto& [token, end] :
       {std::pair("expired", R"({"disconnect":{"code":3005,"reason":"expired"}})"),
        std::pair("unknown", R"({"disconnect":{"code":3501,"reason":"unknown channel"}})")}) {
    TcpClient client(application_.port());
    client.send(RequestBuilder("POST", "/connection/uni_http_stream")
                    .body(R"({"token":")" + std::string(token) + "\"}"));
    client.read_until("\r\n\r\n");
    EXPECT_EQ(client.read_until("\n"), std::string(end) + '\n');
  }
}

TEST_F(OneWay, TakesTheFirstMessageOfWebSocket) {
  RawWebSocketClient client(application_.port(), "/connection/uni_websocket");
  client.send_text(R"({"token":"t"})");
  EXPECT_THAT(client.read().payload, StartsWith(R"({"connect":{"client":)"));
  client.send_text("{}");
  EXPECT_EQ(client.read_close().close_code(), centrifuge_close::bad_request);
}

TEST_F(OneWay, TakesTheArgumentOfWebSocket) {
  RawWebSocketClient client(application_.port(),
                            "/connection/uni_websocket?cf_connect=%7B%22token%22%3A%22t%22%7D");
  EXPECT_THAT(client.read().payload, HasSubstr(R"("subs":{"news":{}})"));
  EXPECT_EQ(client.read().payload, "{}");
}

}  // namespace
}  // namespace coroom::test
