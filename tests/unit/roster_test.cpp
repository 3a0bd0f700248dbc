#include "room/roster.hpp"

#include "room/member.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace coroom::detail::room {
namespace {

class SilentEncoder final : public Encoder {
 public:
  void encode(std::string_view, const Publication&, FrameWriter&) const override {}
};

class RecordingMember final : public Member {
 public:
  RecordingMember(net::Shard& home, const std::shared_ptr<const Encoder>& encoder)
      : Member({.home = home, .format = share_wire_format(encoder), .client_info = nullptr}, false) {}

  std::vector<std::string> received;

 private:
  void push(const SharedBytes& block) override { received.push_back(*block); }
  void overflow() override {}
};

class RosterTest : public testing::Test {
 protected:
  std::unique_ptr<RecordingMember> member(const std::shared_ptr<const Encoder>& encoder) {
    auto added = std::make_unique<RecordingMember>(shard_, encoder);
    roster_.add(*added);
    return added;
  }

  SystemClock clock_;
  net::Shard shard_{0, clock_};
  std::shared_ptr<const Encoder> plain_ = std::make_shared<const SilentEncoder>();
  std::shared_ptr<const Encoder> other_ = std::make_shared<const SilentEncoder>();
  Roster roster_;
};

TEST_F(RosterTest, DeliversToMembersOfTheWireFormat) {
  const auto first = member(plain_);
  const auto second = member(plain_);
  const auto other = member(other_);
  EXPECT_EQ(roster_.deliver(share_wire_format(plain_), share("hello")), 2);
  EXPECT_THAT(first->received, testing::ElementsAre("hello"));
  EXPECT_THAT(second->received, testing::ElementsAre("hello"));
  EXPECT_THAT(other->received, testing::IsEmpty());
}

TEST_F(RosterTest, KeepsOtherMembersWhenOneIsRemoved) {
  for (std::size_t gone = 0; gone != 3; ++gone) {
    Roster roster;
    std::vector<std::unique_ptr<RecordingMember>> members;
    for (int index = 0; index != 3; ++index) {
      members.push_back(std::make_unique<RecordingMember>(shard_, plain_));
      roster.add(*members.back());
    }
    roster.remove(*members[gone]);
    EXPECT_EQ(roster.deliver(share_wire_format(plain_), share("x")), 2);
    for (std::size_t index = 0; index != 3; ++index) {
      EXPECT_EQ(members[index]->received.size(), index == gone ? 0 : 1)
          << index << " after the removal of " << gone;
    }
    EXPECT_EQ(roster.size(), 2);
  }
}

TEST_F(RosterTest, DeliversToMembersOfAnEqualFormat) {
  const auto only = member(plain_);
  const auto equal = std::make_shared<const WireFormat>(WireFormat{plain_});
  EXPECT_EQ(roster_.deliver(equal, share("x")), 1) << "another shard made the object";
}

TEST_F(RosterTest, ForgetsAWireFormatWithItsLastMember) {
  const auto only = member(plain_);
  roster_.remove(*only);
  EXPECT_EQ(roster_.size(), 0);
  EXPECT_EQ(roster_.deliver(share_wire_format(plain_), share("x")), 0);
  EXPECT_TRUE(only->received.empty());
}

}  // namespace
}  // namespace coroom::detail::room
