#include "storage/fair_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::storage {
namespace {

using testing::ElementsAre;

std::vector<std::string> all_of(FairQueue<std::string>& queue) {
  std::vector<std::string> taken;
  while (!queue.empty()) taken.push_back(queue.take());
  return taken;
}

TEST(FairQueue, AlternatesBetweenOwners) {
  FairQueue<std::string> queue(10);
  for (const char* job : {"a1", "a2", "a3", "b1", "c1", "c2"})
    EXPECT_TRUE(queue.add(static_cast<std::uintptr_t>(job[0]), job));
  EXPECT_THAT(all_of(queue), ElementsAre("a1", "b1", "c1", "a2", "c2", "a3"));
}

TEST(FairQueue, ServesANewOwnerAfterOneJobOfEachOther) {
  FairQueue<std::string> queue(100);
  for (int job = 0; job != 100; ++job) EXPECT_TRUE(queue.add('a', "a"));
  EXPECT_EQ(queue.take(), "a");
  EXPECT_TRUE(queue.add('b', "b"));
  EXPECT_EQ(queue.take(), "a");
  EXPECT_EQ(queue.take(), "b");
}

TEST(FairQueue, RejectsOnlyTheOwnerAtItsLimit) {
  FairQueue<std::string> queue(2);
  EXPECT_TRUE(queue.add('a', "a1"));
  EXPECT_TRUE(queue.add('a', "a2"));
  std::string third = "a3";
  EXPECT_FALSE(queue.add('a', std::move(third)));
  EXPECT_EQ(third, "a3") << "a rejected job is unchanged";  // NOLINT: on purpose
  EXPECT_TRUE(queue.add('b', "b1"));
  EXPECT_EQ(queue.take(), "a1");
  EXPECT_TRUE(queue.add('a', "a4"));
  EXPECT_THAT(all_of(queue), ElementsAre("b1", "a2", "a4"));
}

TEST(FairQueue, DoesNotLimitJobsWithoutAnOwner) {
  FairQueue<std::string> queue(1);
  for (const char* job : {"1", "2", "3"}) EXPECT_TRUE(queue.add(FairQueue<std::string>::nobody, job));
  EXPECT_THAT(all_of(queue), ElementsAre("1", "2", "3"));
}

}  // namespace
}  // namespace coroom::detail::storage
