#include "model/gates.hpp"
#include "room/hub.hpp"

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coroom::detail::room {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class DataEncoder final : public Encoder {
 public:
  void encode(std::string_view, const Publication& publication, FrameWriter& out) const override {
    if (publication.kind == Publication::Kind::text) out.text(publication.data);
  }
};

/// A connection that records the blocks of its membership.
struct TestConnection {
  explicit TestConnection(net::Shard& on) : home(on) {}

  net::Shard& home;
  std::vector<std::string> received;
  int closed = 0;
  std::ptrdiff_t held = 0;
  MemberPtr member;
};

class RecordingMember final : public Member {
 public:
  RecordingMember(TestConnection& connection, Profile profile, bool paused)
      : Member(std::move(profile), paused), connection_(connection) {}

 private:
  void push(const SharedBytes& block) override { connection_.received.push_back(*block); }
  void overflow() override { ++connection_.closed; }
  void note_held(std::ptrdiff_t bytes) override { connection_.held += bytes; }

  TestConnection& connection_;
};

/// A broker whose publications wait until the test opens a gate.
class SlowBroker final : public Broker {
 public:
  explicit SlowBroker(const Clock& clock) : broker_(make_memory_broker(clock)) {}

  task<Result<Position>> publish(std::string room, SharedPublications publications,
                                 RoomOptions options) override {
    timeouts.push_back(options.broker_timeout);
    co_await gates.pass();
    co_return co_await broker_->publish(std::move(room), publications, options);
  }
  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    return broker_->history(std::move(room), filter, options);
  }
  task<Result<>> remove_history(std::string room) override {
    return broker_->remove_history(std::move(room));
  }

  model::Gates gates;
  std::vector<std::chrono::milliseconds> timeouts;  // of each call

 private:
  std::shared_ptr<Broker> broker_;
};

class RoomTest : public testing::Test {
 public:
  RoomTest(const RoomTest&) = delete;
  RoomTest& operator=(const RoomTest&) = delete;

 protected:
  RoomTest() { hub_.open(); }
  ~RoomTest() override {
    while (broker_.gates.open_one(chance_)) turn();
    for (TestConnection* connection : {&first_, &second_}) {
      if (connection->member) leave(*connection);
    }
    EXPECT_EQ(hub_.size(), 0);
    EXPECT_EQ(shards_[0].room_tasks().size(), 0);
  }

  void turn() {
    while (shards_[0].poll()) {
    }
  }

  void join(TestConnection& connection, bool paused = false) {
    auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
    client_info->client_id = new_client_id();
    Member::Profile profile{connection.home, share_wire_format(encoder_, {.kind = Framing::Kind::lines}),
                            std::move(client_info)};
    connection.member = new RecordingMember(connection, std::move(profile), paused);
    const auto join = [](Hub& hub, MemberPtr member) -> task<> {
      EXPECT_TRUE(co_await hub.join("tea", member));
    };
    shards_[0].connection_tasks().spawn(join(hub_, connection.member));
    turn();
  }

  void leave(TestConnection& connection) {
    connection.member->leave();
    connection.member.reset();
    turn();
  }

  void publish(std::string text) {
    Publication publication(Publication::Kind::text, nullptr, std::move(text));
    const auto done = [this](const Result<Position>& kept) { results_.push_back(kept ? kept->offset : 0); };
    const auto send = [](RoomHold room, Publication sent, event::Publish::Done on_done) -> task<> {
      auto waiting = room::publish(std::move(room), nullptr, std::move(sent), std::move(on_done));
      if (waiting.valid()) co_await std::move(waiting);
    };
    shards_[0].connection_tasks().spawn(send(first_.member->room(), std::move(publication), done));
    turn();
  }

  void open_gate() {
    EXPECT_TRUE(broker_.gates.open_one(chance_));
    turn();
  }

  /// Runs a call in a handler of the room's shard.
  void on_home(std::function<void()> call) { boost::asio::post(shards_[0].executor(), std::move(call)); }

  static Publication text(std::string data) { return {Publication::Kind::text, nullptr, std::move(data)}; }

  static RoomOptions with_history() {
    RoomOptions options;
    options.history_size = 10;
    options.history_ttl = 1h;
    options.join_leave = false;
    options.broker_timeout = 50ms;
    return options;
  }

  RoomOptions options_ = with_history();
  SystemClock clock_;
  model::Chance chance_{1};
  SlowBroker broker_{clock_};
  net::ShardGroup shards_{1, clock_};
  Hub hub_{RoomServices{shards_, RoomSettings(), clock_, broker_},
           [this](std::string_view) { return options_; }};
  std::shared_ptr<const Encoder> encoder_ = std::make_shared<const DataEncoder>();
  TestConnection first_{shards_[0]};
  TestConnection second_{shards_[0]};
  std::vector<std::uint64_t> results_;  // offsets; 0: an error
};

TEST_F(RoomTest, JoinsAtTheLastStoredPosition) {
  join(first_);
  publish("one");
  open_gate();
  publish("two");
  publish("three");
  join(second_);
  ASSERT_NE(second_.member->position(), nullptr);
  EXPECT_EQ(second_.member->position()->offset, 1);
  EXPECT_THAT(first_.received, ElementsAre("one\n"));

  open_gate();
  open_gate();
  EXPECT_THAT(results_, ElementsAre(1, 2, 3));
  EXPECT_THAT(first_.received, ElementsAre("one\n", "two\n", "three\n"));
  EXPECT_THAT(second_.received, ElementsAre("two\n", "three\n"));
}

TEST_F(RoomTest, LetsMembersLeaveDuringAPublication) {
  join(first_);
  join(second_);
  publish("one");
  leave(second_);
  std::size_t members = 0;
  const auto count = [](Hub& hub, std::size_t& found) -> task<> {
    found = (co_await hub.presence("tea"))->members.size();
  };
  shards_[0].connection_tasks().spawn(count(hub_, members));
  turn();
  EXPECT_EQ(members, 1);
  open_gate();
  EXPECT_THAT(first_.received, ElementsAre("one\n"));
  EXPECT_THAT(second_.received, IsEmpty());
}

TEST_F(RoomTest, HoldsPublicationsOfAPausedMember) {
  join(first_);
  join(second_, true);
  publish("one");
  open_gate();
  EXPECT_THAT(second_.received, IsEmpty());
  EXPECT_EQ(second_.held, 4);
  second_.member->resume();
  EXPECT_THAT(second_.received, ElementsAre("one\n"));
  EXPECT_EQ(second_.held, 0);
}

TEST_F(RoomTest, ReleasesHeldPublicationsAtTheLeave) {
  join(first_);
  join(second_, true);
  publish("one");
  open_gate();
  leave(second_);
  EXPECT_THAT(second_.received, IsEmpty());
  EXPECT_EQ(second_.held, 0);
}

TEST_F(RoomTest, ClosesAPausedMemberThatHoldsTooMuch) {
  join(first_);
  join(second_, true);
  constexpr std::size_t half = 600'000;  // bytes: two of them exceed 1 MiB
  publish(std::string(half, 'a'));
  open_gate();
  EXPECT_EQ(second_.closed, 0);
  publish(std::string(half, 'b'));
  open_gate();
  EXPECT_EQ(second_.closed, 1);
  EXPECT_EQ(second_.held, 0);
}

TEST_F(RoomTest, KeepsAMemberInOneSmallBlock) {
  EXPECT_LE(sizeof(RecordingMember), 128);
}

TEST_F(RoomTest, SleepsUnlessAPublicationWaits) {
  join(first_);
  const RoomHold room = first_.member->room();
  EXPECT_FALSE(room->is_awake());
  publish("one");
  EXPECT_TRUE(room->is_awake()) << "the broker stores it";
  join(second_);
  publish("two");
  open_gate();
  EXPECT_TRUE(room->is_awake());
  open_gate();
  EXPECT_FALSE(room->is_awake());
  EXPECT_EQ(shards_[0].room_tasks().size(), 0);
  EXPECT_THAT(second_.received, ElementsAre("one\n", "two\n"));
}

TEST_F(RoomTest, RejectsPublicationsThatWaitTooLong) {
  join(first_);
  publish("one");
  publish("two");
  publish("three");
  EXPECT_THAT(results_, IsEmpty());
  for (const auto end = std::chrono::steady_clock::now() + 10s;
       results_.size() < 2 && std::chrono::steady_clock::now() < end;)
    turn();
  EXPECT_THAT(results_, ElementsAre(0, 0));

  open_gate();
  EXPECT_THAT(results_, ElementsAre(0, 0, 1)) << "the broker has completed the first publication";
  publish("four");
  open_gate();
  EXPECT_THAT(results_, ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(first_.received, ElementsAre("one\n", "four\n"));
}

TEST_F(RoomTest, PassesTheRemainingTimeToTheBroker) {
  join(first_);
  publish("one");
  EXPECT_EQ(broker_.timeouts.back(), 50ms);
  publish("two");
  open_gate();
  EXPECT_LT(broker_.timeouts.back(), 50ms) << "it has waited for the first publication";
  open_gate();
  publish("three");
  EXPECT_EQ(broker_.timeouts.back(), 50ms);
}

class RoomWithoutHistoryTest : public RoomTest {
 protected:
  RoomWithoutHistoryTest() { options_.history_size = 0; }

  [[nodiscard]] std::string received() const {
    std::string all;
    for (const std::string& block : first_.received) all += block;
    return all;
  }
};

TEST_F(RoomWithoutHistoryTest, HandlesAnEventOfItsShardAtOnce) {
  join(first_);
  const RoomHold room = first_.member->room();
  on_home([&] {
    EXPECT_TRUE(room::post(room, nullptr, text("one")));
    EXPECT_FALSE(room->is_awake());
    EXPECT_EQ(shards_[0].room_tasks().size(), 0);
    EXPECT_THAT(first_.received, IsEmpty()) << "the turn has not ended";
  });
  turn();
  EXPECT_EQ(received(), "one\n");
}

TEST_F(RoomWithoutHistoryTest, SleepsAgainAfterAnEventFromElsewhere) {
  join(first_);
  const RoomHold room = first_.member->room();
  EXPECT_TRUE(room::post(room, nullptr, text("one")));
  EXPECT_TRUE(room->is_awake());
  turn();
  EXPECT_FALSE(room->is_awake());
  EXPECT_EQ(shards_[0].room_tasks().size(), 0);
  EXPECT_EQ(received(), "one\n");
}

TEST_F(RoomWithoutHistoryTest, LetsNoEventOvertakeOneThatWaits) {
  join(first_);
  const RoomHold room = first_.member->room();
  on_home([&] {
    EXPECT_TRUE(room->is_awake()) << "the first event waits";
    EXPECT_TRUE(room::post(room, nullptr, text("two")));
  });
  EXPECT_TRUE(room::post(room, nullptr, text("one")));
  turn();
  EXPECT_EQ(received(), "one\ntwo\n");
}

TEST_F(RoomWithoutHistoryTest, OrdersAPublicationMadeDuringAnother) {
  join(first_);
  const RoomHold room = first_.member->room();
  const auto publish_again = [&](const Result<Position>& /*kept*/) {
    EXPECT_TRUE(room::post(room, nullptr, text("two")));
    EXPECT_TRUE(room->is_awake()) << "it waits for the first one";
  };
  on_home([&] {
    RoomEvent event = event::Publish(text("one"), room, publish_again, nullptr);
    EXPECT_TRUE(room->try_send(event));
  });
  turn();
  EXPECT_EQ(received(), "one\ntwo\n");
  EXPECT_FALSE(room->is_awake());
}

TEST_F(RoomWithoutHistoryTest, MakesASenderWaitWhileItsChannelIsFull) {
  join(first_);
  const RoomHold room = first_.member->room();
  bool is_sent = false;
  const auto send = [](RoomHold into, bool& done) -> task<> {
    const auto published = co_await room::publish(std::move(into), nullptr, text("last"));
    done = published.has_value();
  };
  shards_[0].connection_tasks().spawn(send(room, is_sent));
  std::string expected;
  for (std::size_t count = 0; count != RoomSettings().channel_capacity; ++count) {
    EXPECT_TRUE(room::post(room, nullptr, text("x")));
    expected += "x\n";
  }
  const auto too_many = room::post(room, nullptr, text("more"));
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code, Errc::too_fast);
  turn();
  EXPECT_TRUE(is_sent);
  EXPECT_EQ(received(), expected + "last\n");
  EXPECT_FALSE(room->is_awake());
}

TEST_F(RoomWithoutHistoryTest, EndsWithItsLastMember) {
  join(first_);
  EXPECT_EQ(hub_.size(), 1);
  leave(first_);
  EXPECT_EQ(hub_.size(), 0);
  join(first_);
  EXPECT_EQ(hub_.size(), 1) << "it opens again";
}

TEST_F(RoomWithoutHistoryTest, EndsWhenItsLastHoldIsReleasedElsewhere) {
  join(first_);
  RoomHold room = first_.member->room();
  leave(first_);
  EXPECT_EQ(hub_.size(), 1);
  room.reset();
  EXPECT_EQ(hub_.size(), 0);
  turn();
}

TEST_F(RoomWithoutHistoryTest, RefusesEventsOnceTheHubIsClosed) {
  join(first_);
  const RoomHold room = first_.member->room();
  hub_.close();
  turn();
  const auto posted = room::post(room, nullptr, text("one"));
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, Errc::stopped);
  RoomEvent event = event::Wake();
  EXPECT_FALSE(room->try_send(event));
}

}  // namespace
}  // namespace coroom::detail::room
