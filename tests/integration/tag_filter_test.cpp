#include "support/centrifuge_client.hpp"
#include "support/running_application.hpp"
#include "testkit/codes.hpp"

#include <coroom/centrifuge.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace coroom::test {
namespace {

namespace json = boost::json;
using testkit::centrifuge_error::bad_request;
using testkit::centrifuge_error::unrecoverable_position;

constexpr std::string_view english = R"("tf":{"key":"lang","cmp":"eq","val":"en"})";

class TagFilters : public testing::Test {
 protected:
  static Settings settings() {
    Settings settings = quick_settings();
    settings.room_options = [](std::string_view) {
      return RoomOptions{.history_size = 10, .history_ttl = std::chrono::hours(1)};
    };
    return settings;
  }

  void post(int number, Tags tags) {
    Publication publication{.kind = Publication::Kind::json, .data = std::to_string(number)};
    publication.tags = std::make_shared<const Tags>(std::move(tags));
    ASSERT_TRUE(application_->room("news").post(std::move(publication)));
  }

  RunningApplication application_{centrifuge_routes(), settings()};
};

TEST_F(TagFilters, SelectPublications) {
  CentrifugeClient all(application_.port());
  all.connect();
  all.subscribe("news");
  CentrifugeClient some(application_.port());
  some.connect();
  some.subscribe("news", english);
  CentrifugeClient more(application_.port());
  more.connect();
  more.subscribe("news", english);
  post(1, {{"lang", "de"}});
  post(2, {{"lang", "en"}, {"size", "10"}});
  const json::object first = all.read_push();
  EXPECT_EQ(first.at("data"), 1);
  EXPECT_EQ(first.at("tags"), json::parse(R"({"lang":"de"})"));
  EXPECT_EQ(all.read_push().at("data"), 2);
  for (CentrifugeClient* client : {&some, &more}) {
    const json::object push = client->read_push();
    EXPECT_EQ(push.at("data"), 2);
    EXPECT_EQ(push.at("offset"), 2);
    EXPECT_EQ(push.at("tags"), json::parse(R"({"lang":"en","size":"10"})"));
  }
}

TEST_F(TagFilters, ApplyToRecoveredPublications) {
  CentrifugeClient client(application_.port());
  client.connect();
  const json::object begin = client.subscribe("news", english);
  client.unsubscribe("news");
  post(1, {{"lang", "en"}});
  post(2, {{"lang", "de"}});
  post(3, {});
  const std::string since =
      R"("recover":true,"offset":0,"epoch":)" + json::serialize(begin.at("epoch")) + ",";
  const json::object again = client.subscribe("news", since + std::string(english));
  EXPECT_EQ(again.at("recovered"), true);
  ASSERT_EQ(again.at("publications").as_array().size(), 1);
  EXPECT_EQ(again.at("publications").at(0).at("data"), 1);
  EXPECT_EQ(again.at("offset"), 3) << "the position is behind the publications that do not match";
  EXPECT_EQ(client.history("news", R"("limit":-1)").at("publications").as_array().size(), 3)
      << "a history has all";
}

TEST_F(TagFilters, AreRefusedIfInvalid) {
  CentrifugeClient client(application_.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("news", R"("tf":{"op":"xor","nodes":[]})")), bad_request);
  EXPECT_EQ(error_of(client.subscribe("news", R"("tf":"x")")), bad_request);
  std::string deep = R"({"key":"a","cmp":"ex"})";
  for (int level = 0; level != 20; ++level) deep = R"({"op":"not","nodes":[)" + deep + "]}";
  EXPECT_EQ(error_of(client.subscribe("news", "\"tf\":" + deep)), bad_request);
  EXPECT_EQ(error_of(client.subscribe("news")), 0) << "the connection goes on";
}

TEST_F(TagFilters, LeaveCacheRecoveryTheNewest) {
  CentrifugeClient client(application_.port());
  client.connect();
  const json::object empty = client.subscribe("news", R"("recover":true)");
  EXPECT_FALSE(empty.contains("recovered")) << "there is no newest publication";
  client.unsubscribe("news");
  post(1, {});
  post(2, {});
  const json::object newest = client.subscribe("news", R"("recover":true)");
  EXPECT_EQ(newest.at("recovered"), true);
  EXPECT_EQ(newest.at("offset"), 2);
  ASSERT_EQ(newest.at("publications").as_array().size(), 1);
  EXPECT_EQ(newest.at("publications").at(0).at("data"), 2);
  client.unsubscribe("news");
  EXPECT_EQ(error_of(client.subscribe("news", R"("recover":true,"flag":2,"epoch":"other","offset":1)")),
            unrecoverable_position);
}

}  // namespace
}  // namespace coroom::test
