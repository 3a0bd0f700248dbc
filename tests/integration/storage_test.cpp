#include "support/centrifuge_client.hpp"
#include "support/process.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>

namespace coroom::test {
namespace {

using namespace testkit;
namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The server's binary, with histories on a disk that fills up.
class StorageOnFullDisk : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<CentrifugeClient> member_of(const std::string& channel) const {
    auto client = std::make_unique<CentrifugeClient>(port_);
    client->connect();
    EXPECT_FALSE(client->subscribe(channel).contains("error")) << channel;
    return client;
  }

  static json::object publish(CentrifugeClient& client, const std::string& channel, int data) {
    return client.publish(channel, std::to_string(data));
  }

  static void expect_temporary(const json::object& reply) {
    ASSERT_TRUE(reply.contains("error")) << json::serialize(reply);
    EXPECT_EQ(reply.at("error").at("code"), centrifuge_error::internal);
    EXPECT_EQ(reply.at("error").at("temporary"), true);
  }

  /// Returns the history of a room, and checks that it has no gap.
  static std::vector<int> kept(CentrifugeClient& client, const std::string& channel) {
    std::vector<int> all;
    const json::object history = client.history(channel, R"("limit":-1)");
    for (const auto& publication : history.at("publications").as_array()) {
      all.push_back(static_cast<int>(publication.at("data").as_int64()));
      EXPECT_EQ(publication.at("offset"), all.size());
    }
    EXPECT_EQ(history.at("offset"), all.size());
    return all;
  }

  /// Lets no file grow. A write goes to the end of the write-ahead log.
  void fill_up(std::uintmax_t left = 0) const {
    server_.limit_file_size(fs::file_size(folder_.path() / "data" / "coroom.db-wal") + left);
  }
  void free_up() const { server_.limit_file_size(std::nullopt); }

  std::string output_to_the_end() {
    server_.signal(SIGTERM);
    EXPECT_EQ(server_.wait(), 0);
    return server_.output();
  }

  TemporaryFolder folder_;
  ConfigFile config_{"[rooms.ram]\nhistory_durable = false\n[rooms.bare]\nhistory_size = 0\n"};
  Process server_{{"--port=0", "--threads=2", "--drain-timeout=200ms", "--broker=sqlite", "--data",
                   folder_.path() / "data", "--config", config_.path()}};
  std::uint16_t port_ = server_.wait_for_port();
};

TEST_F(StorageOnFullDisk, RejectsPublicationsUntilSpaceIsFree) {
  const auto client = member_of("tea");
  EXPECT_FALSE(publish(*client, "tea", 1).contains("error"));
  EXPECT_EQ(client->read_push().at("offset"), 1);
  fill_up();
  for (int time = 0; time != 20; ++time) expect_temporary(publish(*client, "tea", 99));
  EXPECT_EQ(kept(*client, "tea"), std::vector<int>{1});
  free_up();
  EXPECT_FALSE(publish(*client, "tea", 2).contains("error"));
  EXPECT_EQ(client->read_push().at("offset"), 2) << "rejected publications were not delivered";
  EXPECT_EQ(kept(*client, "tea"), (std::vector<int>{1, 2}));

  const std::string output = output_to_the_end();
  EXPECT_EQ(lines_with(output, "cannot write the history"), 1) << output;
  EXPECT_EQ(lines_with(output, "the history can be written again"), 1) << output;
  EXPECT_THAT(output, HasSubstr((folder_.path() / "data" / "coroom.db").string()));
}

TEST_F(StorageOnFullDisk, IsLoggedOnceEachTime) {
  const auto client = member_of("tea");
  for (int time = 0; time != 3; ++time) {
    publish(*client, "tea", 1);
    fill_up();
    for (int again = 0; again != 5; ++again) expect_temporary(publish(*client, "tea", 99));
    free_up();
  }
  EXPECT_EQ(lines_with(output_to_the_end(), "cannot write the history"), 3);
}

TEST_F(StorageOnFullDisk, ServesRoomsThatNeedNoDisk) {
  const auto client = member_of("tea");
  publish(*client, "tea", 1);
  client->read_push();
  const auto ram = member_of("ram:1");
  const auto bare = member_of("bare:1");
  RawWebSocketClient plain(port_, "/chat?room=bare:1");
  RawWebSocketClient plain_of_tea(port_, "/chat?room=tea");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  EXPECT_EQ(plain_of_tea.read_event(), chat_line::joined);
  fill_up();
  expect_temporary(publish(*client, "tea", 99));
  plain_of_tea.send_text("lost");
  EXPECT_EQ(plain_of_tea.read_event(), chat_line::not_stored);

  EXPECT_FALSE(publish(*ram, "ram:1", 5).contains("error")) << "its history is in memory";
  EXPECT_EQ(ram->read_push().at("offset"), 1);
  EXPECT_EQ(kept(*ram, "ram:1"), std::vector<int>{5});
  EXPECT_FALSE(publish(*bare, "bare:1", 6).contains("error")) << "it has no history";
  EXPECT_EQ(bare->read_push().at("data"), 6);
  EXPECT_EQ(plain.read_event(), chat_line::said("6"));
  plain.send_text("hello");
  EXPECT_EQ(plain.read_event(), chat_line::said("hello"));
  EXPECT_EQ(bare->read_push().at("data"), "hello");

  const auto late = member_of("tea");
  EXPECT_EQ(kept(*late, "tea"), std::vector<int>{1});
  EXPECT_EQ(late->presence_stats("tea").at("num_clients"), 3);
  EXPECT_EQ(plain_of_tea.read_event(), chat_line::joined) << "a new client gets the announcement";
  const auto fresh = member_of("fresh");
  expect_temporary(publish(*fresh, "fresh", 99));

  free_up();
  EXPECT_FALSE(publish(*fresh, "fresh", 7).contains("error"));
  EXPECT_EQ(fresh->read_push().at("offset"), 1);
  plain_of_tea.send_text("kept");
  EXPECT_EQ(plain_of_tea.read_event(), chat_line::said("kept"));
}

/// The disk fills while publications are pending. Each is stored, or its publisher gets an error.
TEST_F(StorageOnFullDisk, KeepsExactlyAcknowledgedPublications) {
  const auto client = member_of("tea");
  publish(*client, "tea", 0);
  constexpr std::uintmax_t some_pages = 20'000;
  fill_up(some_pages);
  constexpr int many = 200;
  std::map<std::int64_t, int> sent;
  std::vector<int> acknowledged{0};
  const auto answered = [&](const json::object& line) {
    if (!line.contains("id")) return;
    if (!line.contains("error")) acknowledged.push_back(sent.at(line.at("id").as_int64()));
    sent.erase(line.at("id").as_int64());
  };
  for (int number = 1; number <= many; ++number) {
    sent[client->send("publish", publish_request("tea", std::to_string(number)))] = number;
    while (sent.size() > 8) answered(client->read());
  }
  while (!sent.empty()) answered(client->read());
  EXPECT_LT(acknowledged.size(), many);
  free_up();
  publish(*client, "tea", many + 1);
  acknowledged.push_back(many + 1);
  EXPECT_EQ(kept(*client, "tea"), acknowledged);
}

/// The server's binary, and another process that holds the write lock of its database. Each event that a test
/// waits for comes before the broker's timeout or does not depend on it.
class StorageWithLockedDatabase : public testing::Test {
 protected:
  void start(const std::string& broker_timeout) {
    server_.emplace(std::vector<std::string>{"--port=0", "--threads=2", "--drain-timeout=200ms", "--data",
                                             data_, "--config", config_.path(),
                                             "--broker-timeout=" + broker_timeout});
    port_ = server_->wait_for_port();
  }

  [[nodiscard]] std::unique_ptr<CentrifugeClient> member_of(const std::string& channel) const {
    auto client = std::make_unique<CentrifugeClient>(port_);
    client->connect();
    EXPECT_EQ(error_of(client->subscribe(channel)), 0) << channel;
    return client;
  }

  void lock() {
    constexpr int patience = 10'000;  // milliseconds, as the server may be writing
    other_.emplace((data_ / "coroom.db").string(), SQLite::OPEN_READWRITE, patience);
    other_->exec("BEGIN IMMEDIATE");
  }
  void unlock() { other_.reset(); }

  TemporaryFolder folder_;
  fs::path data_ = folder_.path() / "data";
  ConfigFile config_{"[rooms.ram]\nhistory_durable = false\n[rooms.bare]\nhistory_size = 0\n"};
  std::optional<Process> server_;
  std::uint16_t port_ = 0;
  std::optional<SQLite::Database> other_;
};

TEST_F(StorageWithLockedDatabase, DelaysOnlyPublications) {
  start("60s");
  const auto speaker = member_of("tea");
  const auto leaver = member_of("tea");
  EXPECT_EQ(error_of(speaker->publish("tea", "1")), 0);
  lock();
  speaker->send("publish", publish_request("tea", "2"));
  speaker->send("publish", publish_request("tea", "3"));

  CentrifugeClient late(port_);
  late.connect();
  EXPECT_EQ(late.subscribe("tea").at("offset"), 1) << "the last stored publication";
  EXPECT_EQ(late.presence_stats("tea").at("num_clients"), 3);
  leaver->unsubscribe("tea");
  EXPECT_EQ(late.presence_stats("tea").at("num_clients"), 2);
  EXPECT_EQ(late.history("tea", R"("limit":-1)").at("publications").as_array().size(), 1);
  RawWebSocketClient plain(port_, "/chat?room=tea");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  for (const char* room : {"ram:1", "bare:1"}) {
    const auto other = member_of(room);
    EXPECT_EQ(error_of(other->publish(room, "1")), 0) << room;
  }
  const auto fresh = member_of("cake");
  EXPECT_EQ(error_of(speaker->subscribe("ram:1")), 0) << "its other rooms";
  EXPECT_EQ(error_of(speaker->publish("ram:1", "1")), 0);
  EXPECT_EQ(speaker->presence_stats("tea").at("num_clients"), 3);
  EXPECT_EQ(error_of(speaker->unsubscribe("tea")), 0);
  EXPECT_EQ(plain.read_event(), chat_line::left);

  unlock();
  EXPECT_EQ(late.read_push().at("offset"), 2);
  EXPECT_EQ(late.read_push().at("offset"), 3);
  EXPECT_EQ(plain.read_event(), chat_line::said("2"));
  EXPECT_EQ(error_of(fresh->publish("cake", "1")), 0);
}

TEST_F(StorageWithLockedDatabase, DropsPublicationsAfterTimeout) {
  start("200ms");
  const auto speaker = member_of("tea");
  EXPECT_EQ(error_of(speaker->publish("tea", "1")), 0);
  EXPECT_EQ(speaker->read_push().at("offset"), 1);
  lock();
  const auto since = std::chrono::steady_clock::now();
  for (int time = 0; time != 5; ++time) {
    const json::object reply = speaker->publish("tea", "99");
    EXPECT_EQ(error_of(reply), centrifuge_error::internal);
    EXPECT_EQ(reply.at("error").at("temporary"), true);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(4)) << "delays add up";
  unlock();
  EXPECT_EQ(error_of(speaker->publish("tea", "2")), 0);
  const json::object push = speaker->read_push();
  EXPECT_EQ(push.at("offset"), 2);
  EXPECT_EQ(push.at("data"), 2);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(), 0);
  EXPECT_EQ(lines_with(server_->output(), "cannot write the history"), 1) << server_->output();
  EXPECT_EQ(lines_with(server_->output(), "the history can be written again"), 1) << server_->output();
}

/// A data folder without the rights that the server needs.
class StorageWithoutRights : public testing::Test {
 protected:
  StorageWithoutRights() {
    fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    fs::create_directory(data_);
  }
  void TearDown() override {
    fs::permissions(data_, fs::perms::owner_all);  // so that it can be removed
  }

  /// Returns the output of a server that does not start.
  [[nodiscard]] std::string refusal(const fs::path& folder) const {
    Process process({"--port=0", "--broker=sqlite", "--data", folder}, {}, Rights::of_nobody);
    EXPECT_EQ(process.wait(), 1);
    EXPECT_EQ(lines_with(process.output(), ""), 1) << process.output();
    return process.output();
  }

  void make_database() const {
    Process process({"--port=0", "--broker=sqlite", "--data", data_});
    process.wait_for_port();
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
  }

  static constexpr fs::perms all_read =
      fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  static constexpr fs::perms all_write =
      fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  static constexpr fs::perms all_enter =
      fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

  TemporaryFolder folder_;
  fs::path data_ = folder_.path() / "data";
};

TEST_F(StorageWithoutRights, ReportsUnwritableFolder) {
  fs::permissions(data_, all_read | all_enter);
  EXPECT_EQ(refusal(data_), "coroom: " + (data_ / "coroom.lock").string() + ": Permission denied\n");
  EXPECT_EQ(refusal(data_ / "below"), "coroom: " + (data_ / "below").string() + ": Permission denied\n");
}

TEST_F(StorageWithoutRights, ReportsInaccessibleFolder) {
  fs::permissions(data_, fs::perms::none);
  EXPECT_THAT(refusal(data_), AllOf(HasSubstr(data_.string()), HasSubstr("Permission denied")));
}

TEST_F(StorageWithoutRights, ReportsUnwritableDatabase) {
  make_database();
  fs::remove(data_ / "coroom.lock");
  fs::permissions(data_, all_read | all_write | all_enter);
  fs::permissions(data_ / "coroom.db", all_read);
  const std::string before = bytes_of(data_ / "coroom.db");
  EXPECT_EQ(refusal(data_), "coroom: " + (data_ / "coroom.db").string() + ": Permission denied\n");
  EXPECT_TRUE(bytes_of(data_ / "coroom.db") == before);
}

TEST_F(StorageWithoutRights, ReportsUnwritableWriteAheadLog) {
  make_database();
  for (const char* name : {"coroom.lock", "coroom.db"}) fs::permissions(data_ / name, all_read | all_write);
  fs::permissions(data_, all_read | all_enter);
  EXPECT_THAT(refusal(data_), HasSubstr((data_ / "coroom.db").string()));
}

/// --port 0 gives the second server another port, which does not matter.
TEST(Storage, RecoversMissedPublicationsOverRestart) {
  const TemporaryFolder folder;
  const std::vector<std::string> flags{"--port=0", "--drain-timeout=200ms", "--broker=sqlite", "--data",
                                       folder.path()};
  const auto publish = [](CentrifugeClient& client, int data) {
    return client.publish("tea", std::to_string(data));
  };
  std::string since;
  {
    Process server(flags);
    CentrifugeClient client(server.wait_for_port());
    client.connect();
    const json::object top = client.subscribe("tea");
    since = R"("recover":true,"offset":0,"epoch":")" + std::string(top.at("epoch").as_string()) + "\"";
    publish(client, 1);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
  Process server(flags);
  const std::uint16_t port = server.wait_for_port();
  CentrifugeClient other(port);
  other.connect();
  other.subscribe("tea");
  publish(other, 2);
  CentrifugeClient back(port);
  back.connect();
  const json::object reply = back.subscribe("tea", since);
  EXPECT_EQ(reply.at("recovered"), true);
  const json::array& missed = reply.at("publications").as_array();
  ASSERT_EQ(missed.size(), 2);
  EXPECT_EQ(missed[0].at("data"), 1);
  EXPECT_EQ(missed[1].at("data"), 2);
}

TEST(Storage, ReportsHistoriesOfInvalidRooms) {
  const TemporaryFolder folder;
  const std::vector<std::string> flags{"--port=0", "--data", folder.path()};
  {
    Process server(flags);
    CentrifugeClient client(server.wait_for_port());
    client.connect();
    client.subscribe("lobby...");
    client.publish("lobby...", "1");
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
  // As an earlier version without this rule wrote it.
  std::string bytes = bytes_of(folder.path() / "coroom.db");
  const std::string name = "lobby...";
  for (std::size_t at = bytes.find(name); at != std::string::npos; at = bytes.find(name))
    bytes.replace(at, name.size(), "lobby\u200b");
  std::ofstream(folder.path() / "coroom.db", std::ios::binary) << bytes;
  Process server(flags);
  server.wait_for_port();
  // A thread of its own writes the log.
  EXPECT_TRUE(eventually([&server] {
    server.read_output();
    return server.output().find(
               "warning a room with a history has an invalid name: no client can join it "
               "room=lobby") != std::string::npos;
  }));
}

TEST(Storage, RejectsSecondServer) {
  const TemporaryFolder folder;
  Process first({"--port=0", "--broker=sqlite", "--data", folder.path()});
  first.wait_for_port();
  Process second({"--port=0", "--broker=sqlite", "--data", folder.path()});
  EXPECT_EQ(second.wait(), 1);
  EXPECT_EQ(second.output(), "coroom: " + folder.path().string() + " is in use by another process\n");
}

}  // namespace
}  // namespace coroom::test
