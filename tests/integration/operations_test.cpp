#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/request_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::HasSubstr;

/// Returns the current value of a metric, or -1 if there is none.
double metric(const RunningServer& server, const std::string& name) {
  const std::string text = get(server.port(), "/metrics").body;
  const std::size_t found = text.find("\n" + name + " ");
  return found == std::string::npos ? -1 : std::stod(text.substr(found + name.size() + 2));
}

TEST(Operations, ReportsHealthToAnyClient) {
  const RunningServer server;
  const auto answer = get(server.port(), "/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
}

TEST(Operations, CountsConnectionsAndMessages) {
  const RunningServer server;
  EXPECT_EQ(metric(server, "coroom_sessions"), 0);
  RawWebSocketClient plain(server.port(), "/chat?room=tea");
  plain.read_text();
  CentrifugeClient client(server.port());
  client.connect();
  client.subscribe("tea");
  plain.read_text();  // the announcement of its join
  EXPECT_EQ(metric(server, "coroom_sessions"), 2);
  EXPECT_EQ(metric(server, "coroom_rooms"), 1);
  const double sent = metric(server, "coroom_messages_sent_total");
  const double received = metric(server, "coroom_messages_received_total");
  client.publish("tea", "1");
  EXPECT_EQ(metric(server, "coroom_messages_received_total"), received + 1);
  EXPECT_TRUE(eventually([&] { return metric(server, "coroom_messages_sent_total") == sent + 3; }))
      << "two deliveries and a reply";
  EXPECT_GT(metric(server, "coroom_delivery_seconds_count"), 0);
  plain.leave();
  EXPECT_TRUE(eventually([&] { return metric(server, "coroom_sessions") == 1; }));
}

TEST(Operations, CountsRejectionsByCause) {
  const RunningServer server;
  EXPECT_EQ(get(server.port(), "/chat", "Origin: https://elsewhere.example\r\n").status, 400);
  CentrifugeClient client(server.port());
  client.socket().send_text("no command");
  client.socket().read_close();
  EXPECT_EQ(metric(server, "coroom_refusals_total{cause=\"protocol\"}"), 1);
  EXPECT_EQ(metric(server, "coroom_refusals_total{cause=\"http\"}"), 1);
}

TEST(Operations, ServesMetricsLocallyOrWithToken) {
  auto options = test_options();
  options.metrics_token = "sesame";
  const RunningServer server(options);
  EXPECT_EQ(get(server.port(), "/metrics").status, 200);
  const std::string from_afar = "X-Forwarded-For: 192.0.2.1\r\n";
  const auto refused = get(server.port(), "/metrics", from_afar);
  EXPECT_EQ(refused.status, 401) << "a local proxy forwards other clients";
  EXPECT_EQ(refused.field("WWW-Authenticate"), "Bearer");
  EXPECT_THAT(refused.body, HasSubstr("--metrics-token"));
  EXPECT_EQ(get(server.port(), "/metrics", from_afar + "Authorization: Bearer sesame\r\n").status, 200);
  EXPECT_EQ(get(server.port(), "/metrics", from_afar + "Authorization: Bearer sesamE\r\n").status, 401);
  EXPECT_EQ(get(server.port(), "/metrics", from_afar + "Authorization: Bearer \r\n").status, 401);
  EXPECT_EQ(get(server.port(), "/metrics", from_afar + "Authorization: bearer sesame\r\n").status, 200);
}

TEST(Operations, RejectsMetricsForForeignHost) {
  const RunningServer server;
  const auto status = [&](const std::string& host) {
    return ask(server.port(), RequestBuilder("GET", "/metrics", host)).status;
  };
  for (const char* host : {"localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000"})
    EXPECT_EQ(status(host), 200) << host;
  for (const char* host : {"example.org", "example.org:8000", "localhost.example.org", "192.0.2.1", "[::2]"})
    EXPECT_EQ(status(host), 401) << host;
}

TEST(Operations, ServesMetricsOverMappedIpv4) {
  auto options = test_options();
  options.address = "::";
  const RunningServer server(options);
  EXPECT_EQ(get(server.port(), "/metrics").status, 200);
}

TEST(Operations, RejectsMetricsTokenIfNoneIsSet) {
  const RunningServer server;
  const std::string nothing = "X-Real-IP: 192.0.2.1\r\nAuthorization: Bearer \r\n";
  EXPECT_EQ(get(server.port(), "/metrics", nothing).status, 401);
}

}  // namespace
}  // namespace coroom::test
