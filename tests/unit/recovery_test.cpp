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

}  // namespace
}  // namespace coroom::detail::centrifuge
