#include "limits/announcement_pacer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <set>
#include <vector>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;
using Kind = Publication::Kind;

constexpr AnnouncementPacer::TimePoint start(1000s);
constexpr Rate of_address{.per_second = 10, .burst = 10};

SharedClientInfo new_client() {
  auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
  client_info->client_id = new_client_id();
  return client_info;
}

class AnnouncementPacerTest : public testing::Test {
 protected:
  bool take(Kind kind, const SharedClientInfo& client, AnnouncementPacer::TimePoint now = start) {
    return pacer_.take(Publication(kind, client), quota_, now);
  }

  /// Uses up the burst of the address.
  void use_up() {
    for (int time = 0; time != 10; ++time) ASSERT_TRUE(take(Kind::join, new_client()));
  }

  AnnouncementPacer pacer_;
  std::shared_ptr<detail::limits::AddressQuota> quota_ =
      std::make_shared<detail::limits::AddressQuota>(AddressQuota::Limits{.announced = of_address});
};

TEST_F(AnnouncementPacerTest, AnnouncesAtOnceWithinTheRate) {
  use_up();
  EXPECT_FALSE(pacer_.is_waiting());
}

TEST_F(AnnouncementPacerTest, DelaysAnnouncementsAboveTheRate) {
  use_up();
  const SharedClientInfo bob = new_client();
  EXPECT_FALSE(take(Kind::join, bob));
  EXPECT_TRUE(pacer_.is_waiting());
  EXPECT_TRUE(pacer_.due(start).empty());
  const std::vector<Publication> late = pacer_.due(start + 1s);
  ASSERT_EQ(late.size(), 1);
  EXPECT_EQ(late[0].kind, Kind::join);
  EXPECT_EQ(late[0].client_info, bob);
  EXPECT_FALSE(pacer_.is_waiting());
}

TEST_F(AnnouncementPacerTest, DropsAJoinThatALeaveFollows) {
  use_up();
  const SharedClientInfo bob = new_client();
  EXPECT_FALSE(take(Kind::join, bob));
  EXPECT_FALSE(take(Kind::leave, bob));
  EXPECT_FALSE(pacer_.is_waiting());
}

TEST_F(AnnouncementPacerTest, DelaysTheLeaveOfAnAnnouncedMember) {
  const SharedClientInfo bob = new_client();
  EXPECT_TRUE(take(Kind::join, bob));
  for (int time = 0; time != 9; ++time) ASSERT_TRUE(take(Kind::join, new_client()));
  EXPECT_FALSE(take(Kind::leave, bob));
  const std::vector<Publication> late = pacer_.due(start + 1s);
  ASSERT_EQ(late.size(), 1);
  EXPECT_EQ(late[0].kind, Kind::leave);
}

TEST_F(AnnouncementPacerTest, DoesNotDelayOtherAddresses) {
  use_up();
  EXPECT_FALSE(take(Kind::join, new_client()));
  quota_ = std::make_shared<detail::limits::AddressQuota>(AddressQuota::Limits{.announced = of_address});
  EXPECT_TRUE(take(Kind::join, new_client()));
}

TEST_F(AnnouncementPacerTest, LimitsAllAddressesTogether) {
  quota_ = nullptr;
  std::size_t announced = 0;
  for (int time = 0; time != 10'000; ++time) announced += take(Kind::join, new_client()) ? 1 : 0;
  EXPECT_EQ(announced, static_cast<std::size_t>(AnnouncementPacer::rate.burst));
  const std::size_t late = pacer_.due(start + 1s).size();
  EXPECT_EQ(late, static_cast<std::size_t>(AnnouncementPacer::rate.per_second));
}

TEST_F(AnnouncementPacerTest, ConvergesToTheActualMembers) {
  std::set<SharedClientInfo> seen;
  std::set<SharedClientInfo> here;
  const auto announce = [&seen](Kind kind, const SharedClientInfo& client) {
    if (kind == Kind::join) {
      EXPECT_TRUE(seen.insert(client).second);
    } else {
      EXPECT_EQ(seen.erase(client), 1);
    }
  };
  std::vector<SharedClientInfo> clients;
  for (int number = 0; number != 30; ++number) clients.push_back(new_client());
  auto now = start;
  for (std::size_t step = 0; step != 3000; ++step) {
    const SharedClientInfo& client = clients[step * step % 31 % 30];
    const Kind kind = here.erase(client) != 0 ? Kind::leave : Kind::join;
    if (kind == Kind::join) here.insert(client);
    if (take(kind, client, now)) announce(kind, client);
    now += 5ms;
    for (const Publication& late : pacer_.due(now)) announce(late.kind, late.client_info);
  }
  for (; pacer_.is_waiting(); now += 1s) {
    for (const Publication& late : pacer_.due(now)) announce(late.kind, late.client_info);
  }
  EXPECT_EQ(seen, here);
}

}  // namespace
}  // namespace coroom::detail::limits
