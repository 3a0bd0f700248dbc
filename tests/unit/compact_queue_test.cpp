#include "core/compact_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <ranges>

namespace coroom::detail {
namespace {

using testing::ElementsAre;

using Numbers = CompactQueue<int>;
static_assert(std::ranges::random_access_range<Numbers>);
static_assert(std::ranges::random_access_range<const Numbers>);

TEST(CompactQueue, TakesNoMemoryWhileEmpty) {
  Numbers queue;
  EXPECT_EQ(queue.capacity(), 0);
  queue.push_back(1);
  queue.push_back(2);
  queue.pop_front();
  EXPECT_NE(queue.capacity(), 0);
  queue.pop_front();
  EXPECT_EQ(queue.capacity(), 0);
  queue.push_back(3);
  queue.pop_back();
  EXPECT_EQ(queue.capacity(), 0);
}

TEST(CompactQueue, KeepsTheOrderWhileItGrows) {
  Numbers queue;
  int next = 0;
  int first = 0;
  for (int round = 0; round != 50; ++round) {
    for (int pushed = 0; pushed != 3; ++pushed) {
      EXPECT_EQ(queue.push_back(next), next);
      ++next;
    }
    EXPECT_EQ(queue.front(), first++);
    queue.pop_front();
  }
  ASSERT_EQ(queue.size(), 100);
  for (const int each : queue) EXPECT_EQ(each, first++);
  EXPECT_EQ(queue[99], next - 1);
}

TEST(CompactQueue, KeepsItsCapacityInASlidingWindow) {
  Numbers queue;
  for (int number = 0; number != 100; ++number) queue.push_back(number);
  const std::size_t capacity = queue.capacity();
  for (int number = 0; number != 1000; ++number) {
    queue.pop_front();
    queue.push_back(number);
  }
  EXPECT_EQ(queue.capacity(), capacity);
  EXPECT_EQ(*std::ranges::lower_bound(queue, 950), 950);
}

TEST(CompactQueue, RemovesTheLast) {
  Numbers queue;
  for (const int number : {1, 2, 3}) queue.push_back(number);
  queue.pop_back();
  EXPECT_THAT(queue, ElementsAre(1, 2));
}

TEST(CompactQueue, ReleasesRemovedItems) {
  const auto item = std::make_shared<int>(1);
  CompactQueue<std::shared_ptr<int>> queue;
  queue.push_back(item);
  queue.push_back(nullptr);
  EXPECT_EQ(item.use_count(), 2);
  queue.pop_front();
  EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace coroom::detail
