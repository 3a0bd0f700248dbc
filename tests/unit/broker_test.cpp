#include "storage/sqlite_broker.hpp"
#include "support/broker_caller.hpp"
#include "support/settable_clock.hpp"
#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace coroom {
namespace {

using namespace std::chrono_literals;
using test::BrokerCaller;
using test::said;
using test::SettableClock;
using testing::ElementsAre;
using testing::IsEmpty;

struct BrokerFactory {
  const char* name;
  std::shared_ptr<Broker> (*make)(const std::filesystem::path& folder, const Clock& clock);
};

void PrintTo(const BrokerFactory& kind, std::ostream* out) {
  *out << kind.name;
}

constexpr BrokerFactory memory{
    "Memory", [](const std::filesystem::path& /*folder*/, const Clock& clock) -> std::shared_ptr<Broker> {
      return make_memory_broker(clock);
    }};
constexpr BrokerFactory sqlite{
    "Sqlite", [](const std::filesystem::path& folder, const Clock& clock) -> std::shared_ptr<Broker> {
      auto broker = detail::storage::open_sqlite_broker(folder, clock);
      if (!broker) throw std::runtime_error(broker.error().message);
      return std::move(*broker);
    }};

/// The contract of include/coroom/broker.hpp, for each broker of the library.
class BrokerTest : public testing::TestWithParam<BrokerFactory> {
 protected:
  BrokerTest() { clock_.set(Clock::TimePoint(1'800'000'000s)); }

  Position publish(const std::string& room, std::vector<std::string> all) {
    std::vector<Publication> publications;
    publications.reserve(all.size());
    for (std::string& data : all) publications.push_back(said(std::move(data), clock_.now()));
    return caller_.publish(*broker_, room, std::move(publications), options_);
  }

  History history(const std::string& room, const HistoryFilter& filter = HistoryFilter()) {
    return caller_.history(*broker_, room, filter, options_);
  }

  /// Publishes "the change", which revises an earlier publication.
  Position revise(const std::string& room, std::uint64_t offset, std::string data, std::string superseded,
                  bool final = false) {
    Publication change = said("the change", clock_.now());
    change.revision = std::make_shared<const Revision>(offset, std::move(data), std::move(superseded), final);
    return caller_.publish(*broker_, room, change, options_);
  }

  /// Publishes "a" with tags.
  Position publish_tagged(const std::string& room, Tags tags) {
    Publication publication = said("a", clock_.now());
    publication.tags = std::make_shared<const Tags>(std::move(tags));
    return caller_.publish(*broker_, room, std::move(publication), options_);
  }

  /// Returns the data of the publications that the filter selects.
  std::vector<std::string> read(const std::string& room, const HistoryFilter& filter = HistoryFilter()) {
    std::vector<std::string> all;
    for (Publication& publication : history(room, filter).publications)
      all.push_back(std::move(publication.data));
    return all;
  }

  static HistoryFilter since(std::uint64_t offset, std::size_t limit = HistoryFilter().limit) {
    return HistoryFilter(limit, offset);
  }
  static HistoryFilter backwards(std::size_t limit, std::optional<std::uint64_t> start = std::nullopt) {
    return HistoryFilter(limit, start, true);
  }

  SettableClock clock_;
  RoomOptions options_{.history_size = 100, .history_ttl = 1min};
  test::TemporaryFolder folder_;
  BrokerCaller caller_;
  std::shared_ptr<Broker> broker_ = GetParam().make(folder_.path(), clock_);
};

INSTANTIATE_TEST_SUITE_P(, BrokerTest, testing::Values(memory, sqlite),
                         [](const auto& one) { return one.param.name; });

TEST_P(BrokerTest, NumbersPublicationsFrom1WithoutGaps) {
  const Position first = publish("tea", {"a"});
  EXPECT_EQ(first.offset, 1);
  EXPECT_FALSE(first.epoch.empty());
  EXPECT_EQ(publish("tea", {"b", "c", "d"}), Position(4, first.epoch));
  EXPECT_EQ(publish("tea", {"e"}), Position(5, first.epoch));
  EXPECT_EQ(history("tea").top, Position(5, first.epoch));
  std::uint64_t offset = 0;
  for (const Publication& publication : history("tea").publications) EXPECT_EQ(publication.offset, ++offset);
  EXPECT_EQ(offset, 5);
}

TEST_P(BrokerTest, ReadsHistoryInBothDirections) {
  publish("tea", {"a", "b", "c", "d", "e"});
  EXPECT_THAT(read("tea"), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(read("tea", HistoryFilter(2)), ElementsAre("a", "b"));
  EXPECT_THAT(read("tea", since(0)), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(read("tea", since(3)), ElementsAre("d", "e"));
  EXPECT_THAT(read("tea", since(1, 2)), ElementsAre("b", "c"));
  EXPECT_THAT(read("tea", since(5)), IsEmpty());
  EXPECT_THAT(read("tea", since(std::numeric_limits<std::uint64_t>::max())), IsEmpty());

  EXPECT_THAT(read("tea", backwards(2)), ElementsAre("e", "d"));
  EXPECT_THAT(read("tea", backwards(9)), ElementsAre("e", "d", "c", "b", "a"));
  EXPECT_THAT(read("tea", backwards(2, 4)), ElementsAre("c", "b"));
  EXPECT_THAT(read("tea", backwards(9, 6)), ElementsAre("e", "d", "c", "b", "a"));
  EXPECT_THAT(read("tea", backwards(1, std::numeric_limits<std::uint64_t>::max())), ElementsAre("e"));
  EXPECT_THAT(read("tea", backwards(9, 1)), IsEmpty());
  EXPECT_THAT(read("tea", backwards(9, 0)), IsEmpty());

  const Position top = history("tea").top;
  for (const HistoryFilter& filter : {HistoryFilter(0), since(2), since(9), backwards(1), backwards(0, 3)})
    EXPECT_EQ(history("tea", filter).top, top);
  EXPECT_THAT(read("tea", HistoryFilter(0)), IsEmpty()) << "only the position is returned";
}

TEST_P(BrokerTest, LimitsTheBytesOfAHistory) {
  publish("tea", {"1234", "567", "8"});
  HistoryFilter filter;
  filter.bytes = 7;
  EXPECT_THAT(read("tea", filter), ElementsAre("1234", "567"));
  filter.reverse = true;
  EXPECT_THAT(read("tea", filter), ElementsAre("8", "567"));
  filter.bytes = 0;
  EXPECT_THAT(read("tea", filter), ElementsAre("8"));
}

TEST_P(BrokerTest, KeepsAtMostHistorySizePublications) {
  options_.history_size = 3;
  publish("tea", {"a", "b"});
  publish("tea", {"c", "d"});
  EXPECT_THAT(read("tea"), ElementsAre("b", "c", "d"));
  EXPECT_EQ(publish("tea", {"e", "f", "g", "h"}).offset, 8);
  EXPECT_THAT(read("tea"), ElementsAre("f", "g", "h"));
  EXPECT_THAT(read("tea", since(2)), ElementsAre("f", "g", "h"));
  EXPECT_THAT(read("tea", backwards(9, 7)), ElementsAre("f"));
  options_.history_size = 2;
  EXPECT_THAT(read("tea"), ElementsAre("g", "h")) << "a smaller size applies to stored publications too";
}

TEST_P(BrokerTest, KeepsAtMostHistoryBytes) {
  options_.history_bytes = 1000;
  for (char letter = 'a'; letter <= 'e'; ++letter) publish("tea", {std::string(300, letter)});
  EXPECT_THAT(read("tea"), ElementsAre(std::string(300, 'c'), std::string(300, 'd'), std::string(300, 'e')));
  publish("tea", {std::string(2000, 'f')});
  EXPECT_THAT(read("tea"), ElementsAre(std::string(2000, 'f')))
      << "the newest publication is kept, however large";
  publish("tea", {"g"});
  EXPECT_THAT(read("tea"), ElementsAre("g"));
  EXPECT_EQ(history("tea").top.offset, 7);
}

TEST_P(BrokerTest, CountsTheBytesOfRevisedPublications) {
  options_.history_bytes = 1000;
  publish("tea", {std::string(900, 'a'), "b"});
  revise("tea", 1, "short", "x");
  for (char letter = 'c'; letter <= 'd'; ++letter) publish("tea", {std::string(400, letter)});
  EXPECT_THAT(read("tea"),
              ElementsAre("short", "b", "the change", std::string(400, 'c'), std::string(400, 'd')));
  options_.history_bytes = 0;
  publish("tea", {std::string(5000, 'e')});
  EXPECT_EQ(read("tea").size(), 6);
}

TEST_P(BrokerTest, ReplacesTheDataOfARevisedPublication) {
  publish("tea", {"first text", "other"});
  EXPECT_EQ(revise("tea", 1, "second text", "gone").offset, 3);
  EXPECT_THAT(read("tea"), ElementsAre("second text", "other", "the change"));
  revise("tea", 1, "third text", "gone");
  EXPECT_THAT(read("tea"), ElementsAre("third text", "other", "gone", "the change"));
  const History all = history("tea", since(0, 1));
  EXPECT_EQ(all.publications.front().offset, 1);
  EXPECT_EQ(all.top.offset, 4);
}

TEST_P(BrokerTest, IgnoresRevisionsAfterTheFinalOne) {
  publish("tea", {"text"});
  revise("tea", 1, "edited", "gone");
  revise("tea", 1, "tombstone", "gone", true);
  EXPECT_THAT(read("tea"), ElementsAre("tombstone", "gone", "the change"));
  revise("tea", 1, "edited again", "gone");
  EXPECT_THAT(read("tea"), ElementsAre("tombstone", "gone", "the change", "gone"));
}

TEST_P(BrokerTest, IgnoresRevisionsOfUnknownPublications) {
  options_.history_size = 2;
  publish("tea", {"a", "b", "c"});
  revise("tea", 1, "edited", "gone");
  revise("tea", 99, "edited", "gone");
  EXPECT_THAT(read("tea"), ElementsAre("the change", "the change"));
}

TEST_P(BrokerTest, ExpiresPublicationsAfterHistoryTtl) {
  const Position first = publish("tea", {"a"});
  clock_.advance(40s);
  publish("tea", {"b"});
  clock_.advance(20s);
  EXPECT_THAT(read("tea"), ElementsAre("a", "b")) << "a publication expires after more than a minute";
  clock_.advance(1ms);
  EXPECT_THAT(read("tea"), ElementsAre("b"));
  EXPECT_THAT(read("tea", backwards(9)), ElementsAre("b"));
  clock_.advance(1min);
  EXPECT_THAT(read("tea"), IsEmpty());
  EXPECT_EQ(history("tea").top, Position(2, first.epoch));
  EXPECT_EQ(publish("tea", {"c"}), Position(3, first.epoch));
  EXPECT_THAT(read("tea"), ElementsAre("c"));
}

TEST_P(BrokerTest, LeavesNoGapsIfTheClockIsSetBack) {
  publish("tea", {"a"});
  clock_.advance(30s);
  publish("tea", {"b"});
  clock_.advance(-60s);
  publish("tea", {"c"});
  clock_.advance(80s);
  publish("tea", {"d"});
  EXPECT_THAT(read("tea"), ElementsAre("a", "b", "c", "d")) << "c has expired by its time, but follows b";
  clock_.advance(20s);
  EXPECT_THAT(read("tea"), ElementsAre("b", "c", "d"));
  EXPECT_THAT(read("tea", since(1, 2)), ElementsAre("b", "c"));
  EXPECT_THAT(read("tea", since(2)), ElementsAre("c", "d"));
  EXPECT_THAT(read("tea", backwards(9)), ElementsAre("d", "c", "b"));
  EXPECT_THAT(read("tea", backwards(1, 4)), ElementsAre("c"));
  options_.history_size = 2;
  EXPECT_THAT(read("tea"), ElementsAre("d")) << "c has expired, and no longer follows b";
}

TEST_P(BrokerTest, DeletesNothingIfTheClockIsAhead) {
  const auto right = clock_.now();
  const Position first = publish("tea", {"a"});
  clock_.set(right + std::chrono::days(3650));
  EXPECT_THAT(read("tea"), IsEmpty()) << "the publication is hidden, as it has expired by that clock";
  for (int time = 0; time != 100; ++time) {
    publish("elsewhere " + std::to_string(time), {"x"});
    clock_.advance(100ms);
  }
  EXPECT_EQ(publish("tea", {"b"}), Position(2, first.epoch));
  clock_.set(right + 10s);
  EXPECT_THAT(read("tea"), ElementsAre("a", "b"));
}

TEST_P(BrokerTest, ContinuesOffsetsAfterARemovedHistory) {
  const Position first = publish("tea", {"a", "b"});
  publish("cake", {"x"});
  ASSERT_TRUE(caller_.wait(broker_->remove_history("tea")));
  EXPECT_THAT(read("tea"), IsEmpty());
  EXPECT_EQ(history("tea").top, first);
  EXPECT_EQ(publish("tea", {"c"}), Position(3, first.epoch));
  EXPECT_THAT(read("tea"), ElementsAre("c"));
  EXPECT_THAT(read("cake"), ElementsAre("x"));
  EXPECT_TRUE(caller_.wait(broker_->remove_history("unknown")));
}

TEST_P(BrokerTest, AssignsAnEpochBeforeTheFirstPublication) {
  const History before = history("tea", HistoryFilter(0));
  EXPECT_EQ(before.top.offset, 0);
  EXPECT_FALSE(before.top.epoch.empty());
  EXPECT_EQ(history("tea").top, before.top);
  publish("cake", {"x"});
  EXPECT_EQ(publish("tea", {"a"}), Position(1, before.top.epoch));
}

TEST_P(BrokerTest, SeparatesRooms) {
  options_.history_size = 2;
  publish("tea", {"a", "b", "c"});
  publish("TEA", {"x"});
  publish("tea ", {"y"});
  publish(std::string("tea\0", 4), {"z"});
  EXPECT_THAT(read("tea"), ElementsAre("b", "c"));
  EXPECT_THAT(read("TEA"), ElementsAre("x"));
  EXPECT_THAT(read("tea "), ElementsAre("y"));
  EXPECT_THAT(read(std::string("tea\0", 4)), ElementsAre("z"));
}

TEST_P(BrokerTest, ReturnsPublicationsUnchanged) {
  auto client_info = std::make_shared<ClientInfo>("2001:db8::1");
  client_info->client_id = new_client_id();
  client_info->user = "梅";
  client_info->conn_info = R"({"name":"Mei"})";
  client_info->chan_info = R"([1,"\u0000"])";
  const auto nameless = std::make_shared<const ClientInfo>("192.0.2.1");
  std::vector<Publication> all;
  all.emplace_back(Publication::Kind::text, client_info, "两个\n\"words\"");
  all.emplace_back(Publication::Kind::binary, nameless, std::string("\0\xff\0", 3));
  all.emplace_back(Publication::Kind::json, client_info, R"({"a":[1.50]})");
  all.emplace_back(Publication::Kind::text, nameless, "");
  all.emplace_back(Publication::Kind::binary, client_info, std::string(1 << 20, '\0'));
  for (Publication& publication : all) {
    clock_.advance(1us);
    publication.time = clock_.now();
  }
  EXPECT_EQ(caller_.publish(*broker_, "tea", all, options_).offset, all.size());

  const auto kept = history("tea").publications;
  ASSERT_EQ(kept.size(), all.size());
  for (std::size_t index = 0; index != all.size(); ++index) {
    EXPECT_EQ(kept[index].kind, all[index].kind);
    EXPECT_EQ(kept[index].data, all[index].data);
    EXPECT_EQ(kept[index].time, all[index].time);
    EXPECT_EQ(kept[index].offset, index + 1);
    EXPECT_EQ(kept[index].client_info->address, all[index].client_info->address);
    EXPECT_EQ(kept[index].client_info->client_id, all[index].client_info->client_id);
    EXPECT_EQ(kept[index].client_info->user, all[index].client_info->user);
    EXPECT_EQ(kept[index].client_info->conn_info, all[index].client_info->conn_info);
    EXPECT_EQ(kept[index].client_info->chan_info, all[index].client_info->chan_info);
  }
}

TEST_P(BrokerTest, KeepsTags) {
  const Tags tags{{"lang", "de"}, {"梅", "\"a\"\n"}, {std::string("\0", 1), ""}};
  publish_tagged("tea", tags);
  publish("tea", {"b"});
  const auto kept = history("tea").publications;
  ASSERT_EQ(kept.size(), 2);
  ASSERT_NE(kept[0].tags, nullptr);
  EXPECT_EQ(*kept[0].tags, tags);
  EXPECT_EQ(kept[1].tags, nullptr);
}

TEST_P(BrokerTest, KeepsTheTagsOfARevisedPublication) {
  publish_tagged("tea", {{"lang", "de"}});
  revise("tea", 1, "b", "gone");
  const auto kept = history("tea").publications;
  ASSERT_EQ(kept.size(), 2);
  EXPECT_EQ(kept[0].data, "b");
  ASSERT_NE(kept[0].tags, nullptr);
  EXPECT_EQ(*kept[0].tags, (Tags{{"lang", "de"}}));
  EXPECT_EQ(kept[1].tags, nullptr);
}

TEST_P(BrokerTest, CountsTheBytesOfTags) {
  options_.history_bytes = 1000;
  for (int time = 0; time != 5; ++time)
    publish_tagged("tea", {{std::string(150, 'k'), std::string(150, 'v')}});
  EXPECT_EQ(history("tea").publications.size(), 3);
  HistoryFilter filter;
  filter.bytes = 700;
  EXPECT_EQ(history("tea", filter).publications.size(), 2);
}

TEST_P(BrokerTest, AcceptsPublicationsWithoutClientInfo) {
  Publication anonymous(Publication::Kind::text, nullptr, "a");
  anonymous.time = clock_.now();
  caller_.publish(*broker_, "tea", std::move(anonymous), options_);
  EXPECT_THAT(read("tea"), ElementsAre("a"));
}

TEST_P(BrokerTest, ServesRoomsThatAreNotDurable) {
  options_.durable = false;
  const Position top = publish("tea", {"a", "b"});
  EXPECT_EQ(top.offset, 2);
  EXPECT_THAT(read("tea"), ElementsAre("a", "b"));
  EXPECT_EQ(history("tea").top, top);
  ASSERT_TRUE(caller_.wait(broker_->remove_history("tea")));
  EXPECT_THAT(read("tea"), IsEmpty());
}

/// Only publications in other rooms trigger the cleanup of an idle room.
TEST(MemoryBroker, FreesExpiredPublicationsOfIdleRooms) {
  SettableClock clock;
  clock.set(Clock::TimePoint(1'800'000'000s));
  const RoomOptions options{.history_size = 1000, .history_ttl = 1min};
  BrokerCaller caller;
  const auto broker = make_memory_broker(clock);
  const auto client_info = std::make_shared<const ClientInfo>();
  const auto publish_in = [&](const std::string& room, std::size_t times) {
    std::vector<Publication> all(times, Publication(Publication::Kind::text, client_info, "x"));
    for (Publication& one : all) one.time = clock.now();
    return caller.publish(*broker, room, all, options);
  };
  constexpr int rooms = 300;
  for (int room = 0; room != rooms; ++room) publish_in("quiet " + std::to_string(room), 2);
  const Position top = publish_in("long", 1000);
  // Several publications for each room.
  const auto publish_elsewhere = [&] {
    for (int time = 0; time != 5 * rooms; ++time) {
      const std::string busy = "busy " + std::to_string(time % rooms);
      caller.publish(*broker, busy, said("x", clock.now()), options);
    }
  };
  clock.advance(1min);
  publish_elsewhere();
  EXPECT_EQ(client_info.use_count(), 1 + 2 * rooms + 1000)
      << "a publication expires after more than a minute";
  clock.advance(1s);
  publish_elsewhere();
  EXPECT_EQ(client_info.use_count(), 1);
  EXPECT_EQ(caller.history(*broker, "long", HistoryFilter(), options).top, top) << "offsets continue";
}

TEST(MemoryBroker, TruncatesTheLargestHistories) {
  SettableClock clock;
  clock.set(Clock::TimePoint(1'800'000'000s));
  const RoomOptions options{.history_size = 1000, .history_ttl = 1h};
  BrokerCaller caller;
  constexpr std::size_t most = std::size_t{16} << 20;
  const auto broker = make_memory_broker(clock, most);
  const auto bytes_of = [&](const std::string& room) {
    std::size_t bytes = 0;
    for (const Publication& one : caller.history(*broker, room, HistoryFilter(), options).publications)
      bytes += one.data.size();
    return bytes;
  };
  constexpr int rooms = 100;
  const std::string large(10'000, 'x');
  for (int time = 0; time != 50; ++time) {
    for (int room = 0; room != rooms; ++room) {
      caller.publish(*broker, "large " + std::to_string(room), said(large, clock.now()), options);
      if (time < 3)
        caller.publish(*broker, "small " + std::to_string(room), said("hello", clock.now()), options);
    }
  }
  std::size_t all = 0;
  for (int room = 0; room != rooms; ++room) {
    const std::size_t bytes = bytes_of("large " + std::to_string(room));
    EXPECT_GE(bytes, large.size()) << "the newest publication is kept";
    all += bytes;
    EXPECT_EQ(bytes_of("small " + std::to_string(room)), 3 * 5) << "small histories lose nothing";
  }
  EXPECT_LE(all, most);
}

/// A client that creates many rooms takes memory only from idle rooms.
TEST(MemoryBroker, KeepsAnActiveRoomDuringARoomFlood) {
  SettableClock clock;
  clock.set(Clock::TimePoint(1'800'000'000s));
  const RoomOptions options{.history_size = 1000, .history_ttl = 1h};
  BrokerCaller caller;
  constexpr std::size_t most = std::size_t{1} << 20;
  const auto broker = make_memory_broker(clock, most);
  const auto find = [&](const std::string& room) {
    return caller.history(*broker, room, HistoryFilter(), options);
  };
  for (int time = 0; time != 100; ++time)
    caller.publish(*broker, "tea", said(std::to_string(time), clock.now()), options);

  constexpr std::size_t rooms = 20'000;
  const auto name = [](std::size_t room) {
    const std::string number = std::to_string(room);
    return number + std::string(255 - number.size(), 'x');
  };
  std::vector<Position> tops;
  for (std::size_t room = 0; room != rooms; ++room) {
    clock.advance(1ms);
    tops.push_back(caller.publish(*broker, name(room), said("x", clock.now()), options));
    EXPECT_EQ(tops.back().offset, 1);
  }

  const History tea = find("tea");
  ASSERT_EQ(tea.publications.size(), 100);
  EXPECT_EQ(tea.publications.front().data, "0");
  std::size_t kept = 0;
  for (std::size_t room = 0; room != rooms; ++room) {
    const History history = find(name(room));
    kept += history.publications.size();
    EXPECT_EQ(history.top.offset, history.publications.size());
    EXPECT_EQ(history.top.epoch == tops[room].epoch, history.top.offset == 1)
        << "a forgotten history has a new epoch";
  }
  constexpr std::size_t least = 255 + sizeof(Publication) + sizeof(std::string);
  EXPECT_LE(kept * least, most);
  EXPECT_GE(kept * least, most / 4) << "no more than necessary is dropped";
  EXPECT_EQ(find(name(0)).top.offset, 0) << "it has been idle longest";
  EXPECT_EQ(find(name(rooms - 1)).top.offset, 1);
}

TEST(MemoryBroker, NumbersPublicationsWithoutMemoryForThem) {
  SettableClock clock;
  const RoomOptions options{.history_size = 10, .history_ttl = 1h};
  BrokerCaller caller;
  const auto broker = make_memory_broker(clock, 0);
  const Position first = caller.publish(*broker, "tea", said("a", clock.now()), options);
  EXPECT_EQ(first.offset, 1);
  EXPECT_EQ(caller.publish(*broker, "tea", said("b", clock.now()), options), Position(2, first.epoch));
  const History history = caller.history(*broker, "tea", HistoryFilter(), options);
  EXPECT_EQ(history.top, Position(2, first.epoch));
  EXPECT_THAT(history.publications, IsEmpty());
}

TEST(MemoryBroker, ForgetsARoomAMonthAfterExpiry) {
  SettableClock clock;
  clock.set(Clock::TimePoint(1'800'000'000s));
  const RoomOptions options{.history_size = 10, .history_ttl = 24h};
  BrokerCaller caller;
  const auto broker = make_memory_broker(clock);
  const Position top = caller.publish(*broker, "tea", said("a", clock.now()), options);
  const auto publish_elsewhere = [&] {
    // So many rooms that each part of the broker has one: it looks for old ones when it publishes.
    for (int time = 0; time != 1000; ++time)
      caller.publish(*broker, std::to_string(time % 500), said("x", clock.now()), options);
  };
  const auto found = [&] { return caller.history(*broker, "tea", HistoryFilter(), options).top; };
  clock.advance(24h * 31 - 1s);
  publish_elsewhere();
  EXPECT_EQ(found(), top);
  clock.advance(1s);
  publish_elsewhere();
  EXPECT_EQ(found().offset, 0);
  EXPECT_NE(found().epoch, top.epoch);
}

/// Publishes to one room, a few publications per call, one call at a time.
task<> publish_many(Broker& broker, std::string room, RoomOptions options, Clock::TimePoint time) {
  constexpr std::size_t calls = 40;
  for (std::size_t call = 0; call != calls; ++call) {
    const auto some = std::make_shared<std::vector<Publication>>();
    for (std::size_t number = 0; number <= call % 3; ++number)
      some->push_back(said(room + " " + std::to_string(call) + "." + std::to_string(number), time));
    const auto top = co_await broker.publish(room, some, options);
    if (!top) throw std::runtime_error("publish");
    const auto history = co_await broker.history(room, HistoryFilter{.limit = 1, .reverse = true}, options);
    if (!history || history->top != *top || history->publications.front().data != some->back().data ||
        history->publications.front().offset != top->offset)
      throw std::runtime_error("the stored publication cannot be read");
  }
}

TEST_P(BrokerTest, ServesSeveralThreads) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t rooms = 8;  // of each thread, concurrently
  std::vector<boost::asio::io_context> contexts(threads);
  std::vector<std::future<void>> ended;
  const auto name = [](std::size_t thread, std::size_t room) {
    return std::to_string(thread) + "/" + std::to_string(room);
  };
  for (std::size_t thread = 0; thread != threads; ++thread) {
    for (std::size_t room = 0; room != rooms; ++room) {
      auto work = publish_many(*broker_, name(thread, room), options_, clock_.now());
      ended.push_back(boost::asio::co_spawn(contexts[thread], std::move(work), boost::asio::use_future));
    }
  }
  {
    std::vector<std::jthread> running;
    running.reserve(threads);
    for (boost::asio::io_context& context : contexts) running.emplace_back([&context] { context.run(); });
  }
  for (auto& one : ended) EXPECT_NO_THROW(one.get());
  for (std::size_t thread = 0; thread != threads; ++thread) {
    for (std::size_t room = 0; room != rooms; ++room) {
      std::vector<std::string> expected;
      for (int call = 0; call != 40; ++call) {
        for (int number = 0; number <= call % 3; ++number)
          expected.push_back(name(thread, room) + " " + std::to_string(call) + "." + std::to_string(number));
      }
      EXPECT_EQ(read(name(thread, room)), expected);
    }
  }
  broker_.reset();  // its thread may still complete the last calls
}

}  // namespace
}  // namespace coroom
