#include "model/gates.hpp"
#include "room/hub.hpp"

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>

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

class RecordingSubscriber final : public Subscriber {
 public:
  RecordingSubscriber(net::Shard& home, std::shared_ptr<const Encoder> encoder)
      : home_(home), format_{std::move(encoder), {.kind = Framing::Kind::lines}} {}
  void deliver(const SharedBytes& block) override { received.push_back(*block); }
  [[nodiscard]] net::Shard& home() const override { return home_; }
  [[nodiscard]] const WireFormat& format() const override { return format_; }

  std::vector<std::string> received;
  std::unique_ptr<MembershipGuard> membership;

 private:
  net::Shard& home_;
  WireFormat format_;
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
    first_.membership.reset();
    second_.membership.reset();
    turn();
    EXPECT_EQ(hub_.size(), 0);
    EXPECT_EQ(shards_[0].room_tasks().size(), 0);
  }

  void turn() {
    while (shards_[0].poll()) {
    }
  }

  void join(RecordingSubscriber& subscriber) {
    const auto join = [](Hub& hub, RecordingSubscriber& joining) -> task<> {
      auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
      client_info->client_id = new_client_id();
      joining.membership = (co_await hub.join("tea", joining, std::move(client_info))).value();
    };
    shards_[0].connection_tasks().spawn(join(hub_, subscriber));
    turn();
  }

  void publish(std::string text) {
    Publication publication(Publication::Kind::text, nullptr, std::move(text));
    const auto done = [this](const Result<Position>& kept) { results_.push_back(kept ? kept->offset : 0); };
    const auto send = [](MembershipGuard& membership, Publication sent,
                         event::Publish::Done on_done) -> task<> {
      const auto accepted = co_await membership.publish(std::move(sent), std::move(on_done));
      EXPECT_TRUE(accepted);
    };
    shards_[0].connection_tasks().spawn(send(*first_.membership, std::move(publication), done));
    turn();
  }

  void open_gate() {
    EXPECT_TRUE(broker_.gates.open_one(chance_));
    turn();
  }

  static RoomOptions options() {
    RoomOptions options;
    options.history_size = 10;
    options.history_ttl = 1h;
    options.join_leave = false;
    options.broker_timeout = 50ms;
    return options;
  }

  SystemClock clock_;
  model::Chance chance_{1};
  SlowBroker broker_{clock_};
  net::ShardGroup shards_{1, clock_};
  Hub hub_{RoomServices{shards_, RoomSettings(), clock_, broker_},
           [](std::string_view) { return options(); }};
  std::shared_ptr<const Encoder> encoder_ = std::make_shared<const DataEncoder>();
  RecordingSubscriber first_{shards_[0], encoder_};
  RecordingSubscriber second_{shards_[0], encoder_};
  std::vector<std::uint64_t> results_;  // offsets; 0: an error
};

TEST_F(RoomTest, JoinsAtTheLastStoredPosition) {
  join(first_);
  publish("one");
  open_gate();
  publish("two");
  publish("three");
  join(second_);
  ASSERT_NE(second_.membership, nullptr);
  EXPECT_EQ(second_.membership->member().position()->offset, 1);
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
  second_.membership.reset();
  turn();
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

}  // namespace
}  // namespace coroom::detail::room
