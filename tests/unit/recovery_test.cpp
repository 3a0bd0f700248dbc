#include "centrifuge/recovery.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace coroom::detail::centrifuge {
namespace {

std::vector<Publication> from_to(std::uint64_t first, std::uint64_t last) {
  std::vector<Publication> publications;
  for (std::uint64_t offset = first; offset <= last; ++offset) {
    Publication publication(Publication::Kind::text, nullptr, "x");
    publication.offset = offset;
    publications.push_back(std::move(publication));
  }
  return publications;
}

const Position top(10, "epoch");

TEST(Recovery, ReturnsPublicationsBetweenPositions) {
  const auto all = missed(Position(7, "epoch"), top, from_to(8, 10));
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3);
  EXPECT_EQ(all->front().offset, 8);
}

TEST(Recovery, OmitsPublicationsAfterTheSubscription) {
  const auto all = missed(Position(7, "epoch"), top, from_to(8, 13));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->back().offset, 10);
}

TEST(Recovery, IsEmptyIfNothingWasMissed) {
  const auto all = missed(top, top, {});
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->empty());
}

TEST(Recovery, FailsIfTheHistoryIsIncomplete) {
  EXPECT_FALSE(missed(Position(5, "epoch"), top, from_to(8, 10)));
  EXPECT_FALSE(missed(Position(5, "epoch"), top, {}));
}

TEST(Recovery, FailsInAnotherEpoch) {
  EXPECT_FALSE(may_recover(Position(7, "other"), top));
  EXPECT_TRUE(may_recover(Position(7, ""), top)) << "an empty epoch is not checked";
}

TEST(Recovery, FailsForAFutureOffset) {
  EXPECT_FALSE(may_recover(Position(11, "epoch"), top));
}

TEST(Recovery, FailsAboveTheLimit) {
  const Position far(1000, "epoch");
  EXPECT_TRUE(may_recover(Position(1000 - recovery_limit, "epoch"), far));
  EXPECT_FALSE(may_recover(Position(999 - recovery_limit, "epoch"), far));
}

SubscribeRequest recovering(Position since) {
  SubscribeRequest request;
  request.recover = true;
  request.since = std::move(since);
  return request;
}

TEST(Recovery, NeedsAHistory) {
  const RoomRules rules{.force_recovery = true, .force_positioning = true};
  const Recovered without = before_recovery(recovering(top), rules, false);
  EXPECT_FALSE(without.recoverable);
  EXPECT_FALSE(without.positioned);
  EXPECT_TRUE(without.was_recovering);
  const Recovered with = before_recovery({}, rules, true);
  EXPECT_TRUE(with.recoverable);
  EXPECT_TRUE(with.positioned);
  EXPECT_FALSE(with.was_recovering);
}

TEST(Recovery, PositionsClientsOnRequest) {
  const RoomRules rules{.force_recovery = false};
  EXPECT_FALSE(before_recovery({}, rules, true).positioned);
  SubscribeRequest request;
  request.positioned = true;
  EXPECT_TRUE(before_recovery(request, rules, true).positioned);
  EXPECT_FALSE(before_recovery(request, rules, true).recoverable);
}

TEST(Recovery, ReturnsToTheClientsPosition) {
  Recovered state = before_recovery(recovering(Position(7, "epoch")), {}, true);
  state.position = top;
  recover_from({.publications = from_to(8, 12), .top = Position(12, "epoch")}, Position(7, "epoch"), state);
  EXPECT_TRUE(state.recovered);
  EXPECT_EQ(state.position.offset, 7);
  EXPECT_EQ(state.publications.size(), 3);
}

TEST(Recovery, StaysAtTheTopIfItFails) {
  Recovered state = before_recovery(recovering(Position(7, "epoch")), {}, true);
  state.position = top;
  recover_from({.publications = from_to(8, 10), .top = Position(10, "other")}, Position(7, "epoch"), state);
  EXPECT_FALSE(state.recovered);
  EXPECT_EQ(state.position.offset, 10);
  EXPECT_TRUE(state.publications.empty());
}

TEST(Recovery, FailsTheSubscriptionOnRequest) {
  SubscribeRequest request = recovering(Position(7, "epoch"));
  EXPECT_FALSE(must_fail(request, {}));
  request.flag = 2;
  EXPECT_TRUE(must_fail(request, {}));
  EXPECT_FALSE(must_fail(request, {.recovered = true}));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
