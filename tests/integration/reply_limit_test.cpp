#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

constexpr std::size_t publication_size = 20'000;

const std::string all_of_tea = channel_request("tea", R"("limit":-1)");

/// Takes each connection's address from its X-Forwarded-For field.
server::ServerConfig options_behind_proxy() {
  auto options = test_options();
  options.application.trusted_proxies = {"127.0.0.1"};
  options.application.limits.unlimited_networks = {"192.0.2.1"};
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};
  options.application.limits.address_rate_limit = {.messages = 0, .bytes = 0};
  options.application.limits.room_byte_rate = 0;
  return options;
}

std::unique_ptr<CentrifugeClient> member(const RunningServer& server, const char* address,
                                         const TcpClient::TcpOptions& settings = TcpClient::TcpOptions{}) {
  auto client = std::make_unique<CentrifugeClient>(
      server.port(), "/connection/websocket", "X-Forwarded-For: " + std::string(address) + "\r\n", settings);
  client->connect();
  EXPECT_EQ(error_of(client->subscribe("tea")), 0);
  return client;
}

void fill_history(const RunningServer& server, int publications) {
  const auto speaker = member(server, "198.51.100.1");
  const std::string data = '"' + std::string(publication_size, 'x') + '"';
  for (int said = 0; said != publications; ++said) EXPECT_EQ(error_of(speaker->publish("tea", data)), 0);
}

double queued_bytes(const RunningServer& server) {
  const std::string text = get(server.port(), "/metrics").body;
  const std::string name = "\ncoroom_queued_bytes ";
  return std::stod(text.substr(text.find(name) + name.size()));
}

TEST(ReplyLimit, DelaysHistoryUntilClientReads) {
  auto options = options_behind_proxy();
  options.application.threads = 1;
  options.application.limits.reply_rate = 0;
  options.application.limits.address_reply_rate = 0;
  RunningServer server(options);
  fill_history(server, 60);
  const auto reader = member(server, "198.51.100.2");
  const auto slow = member(server, "198.51.100.7", TcpClient::TcpOptions{.receive_buffer = 4096});
  constexpr int asked = 8;
  std::vector<std::uint32_t> ids;
  for (int command = 0; command != asked; ++command) ids.push_back(slow->send("history", all_of_tea));
  // If the server did not wait, the replies to the slow client would be queued by now.
  for (int round = 0; round != 3; ++round) EXPECT_EQ(error_of(reader->call("history", all_of_tea)), 0);
  EXPECT_LT(queued_bytes(server), 1.5 * (1 << 20));

  for (const std::uint32_t id : ids) {
    const json::object reply = slow->read();
    EXPECT_EQ(reply.at("id"), id);
    EXPECT_FALSE(reply.at("history").as_object().at("publications").as_array().empty());
  }
}

TEST(ReplyLimit, RejectsRepliesOverRate) {
  auto options = options_behind_proxy();
  options.application.limits.reply_rate = 1000;
  RunningServer server(options);
  fill_history(server, 1);
  const auto client = member(server, "198.51.100.7");
  EXPECT_EQ(error_of(client->call("history", all_of_tea)), 0);
  for (const auto& [large, request] :
       {std::pair("history", all_of_tea), std::pair("presence", channel_request("tea"))}) {
    const json::object refused = client->call(large, request);
    ASSERT_EQ(error_of(refused), centrifuge_error::too_many_requests) << large;
    EXPECT_EQ(refused.at("error").at("temporary"), true);
  }
  EXPECT_EQ(error_of(client->history("tea")), 0) << "only the position";
  EXPECT_EQ(server.count(Counter::messages_refused), 2);
  EXPECT_EQ(error_of(client->presence_stats("tea")), 0);
  client->unsubscribe("tea");
  EXPECT_EQ(error_of(client->subscribe("tea")), 0) << "without recovery";
  client->unsubscribe("tea");
  const json::object recovery = client->subscribe("tea", R"("recover":true,"offset":0,"epoch":"")");
  EXPECT_EQ(error_of(recovery), centrifuge_error::too_many_requests);
  const auto other = member(server, "198.51.100.7");
  EXPECT_EQ(error_of(other->call("history", all_of_tea)), 0) << "another connection";
}

TEST(ReplyLimit, AppliesToAllConnectionsOfAddress) {
  auto options = options_behind_proxy();
  options.application.limits.address_reply_rate = 1000;
  RunningServer server(options);
  fill_history(server, 1);
  EXPECT_EQ(error_of(member(server, "198.51.100.7")->call("history", all_of_tea)), 0);
  EXPECT_EQ(error_of(member(server, "198.51.100.7")->call("history", all_of_tea)),
            centrifuge_error::too_many_requests);
  EXPECT_EQ(error_of(member(server, "198.51.100.8")->call("history", all_of_tea)), 0);
}

TEST(ReplyLimit, BoundsQueuedRepliesPerAddressAndTotal) {
  for (const bool of_all : {false, true}) {
    auto options = options_behind_proxy();
    (of_all ? options.application.limits.total_queue_limit : options.application.limits.address_queue_limit) =
        publication_size;
    RunningServer server(options);
    fill_history(server, 1);
    const auto client = member(server, "198.51.100.7");
    EXPECT_EQ(error_of(client->call("history", all_of_tea)), centrifuge_error::too_many_requests);
    EXPECT_EQ(error_of(client->presence("tea")), 0) << "a small reply fits, and none waits";
    EXPECT_EQ(server.count(Counter::messages_refused), 1);
  }
}

TEST(ReplyLimit, ChargesDeliveriesToOwnAddress) {
  auto options = options_behind_proxy();
  options.application.limits.address_delivery_rate = 10;
  RunningServer server(options);
  std::vector<std::unique_ptr<CentrifugeClient>> audience;
  for (int number = 0; number != 5; ++number) audience.push_back(member(server, "198.51.100.7"));
  const auto bystander = member(server, "198.51.100.8");
  const std::string publication = publish_request("tea", "1");
  int delivered = 0;
  for (int said = 0; said != 60; ++said) {
    const int error = error_of(audience.front()->call("publish", publication));
    EXPECT_TRUE(error == 0 || error == centrifuge_error::too_many_requests) << error;
    delivered += error == 0 ? 1 : 0;
  }
  EXPECT_GE(delivered, 20) << "a hundred deliveries in a burst";
  EXPECT_LT(delivered, 40);
  EXPECT_EQ(server.count(Counter::messages_refused), 60 - delivered);
  for (int said = 0; said != 60; ++said)
    EXPECT_EQ(error_of(bystander->call("publish", publication)), 0) << "other members are not charged";
}

}  // namespace
}  // namespace coroom::test
