#include "net/pending_writes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace coroom::detail::net {
namespace {

using Kind = PendingWrites::Kind;

constexpr std::size_t everything = 1 << 20;  // more bytes than any test adds

std::string all_of(const PendingWrites& pending) {
  std::array<iovec, 64> parts;
  std::string all;
  for (const iovec& part : std::span(parts).first(pending.gather(parts, everything)))
    all.append(static_cast<const char*>(part.iov_base), part.iov_len);
  return all;
}

TEST(PendingWrites, KeepsOrderAndCountsBytes) {
  PendingWrites pending;
  pending.add(share("one "), Kind::data);
  pending.add(share("two"), Kind::control);
  EXPECT_EQ(all_of(pending), "one two");
  EXPECT_EQ(pending.bytes(), 7);
}

TEST(PendingWrites, ConsumesPartOfAnEntry) {
  PendingWrites pending;
  pending.add(share("abc"), Kind::data);
  pending.add(share("def"), Kind::data);
  pending.consume(4);
  EXPECT_EQ(all_of(pending), "ef");
  EXPECT_EQ(pending.bytes(), 2);
  pending.consume(2);
  EXPECT_TRUE(pending.empty());
}

TEST(PendingWrites, GathersAtMostTheGivenParts) {
  PendingWrites pending;
  for (int index = 0; index != 5; ++index) pending.add(share("x"), Kind::data);
  std::array<iovec, 3> parts;
  EXPECT_EQ(pending.gather(parts, everything), 3);
}

TEST(PendingWrites, GathersPartOfAnEntry) {
  PendingWrites pending;
  pending.add(share("abc"), Kind::data);
  pending.add(share("def"), Kind::data);
  pending.consume(1);
  std::array<iovec, 3> parts;
  ASSERT_EQ(pending.gather(parts, 3), 2);
  EXPECT_EQ(parts[0].iov_len, 2);
  EXPECT_EQ(parts[1].iov_len, 1);
  EXPECT_EQ(pending.gather(parts, 2), 1);
}

TEST(PendingWrites, CountsTheOverheadOfSmallEntries) {
  constexpr std::size_t limit = 64 * 100;
  PendingWrites pending;
  for (int index = 0; index != 100; ++index) pending.add(share("x"), Kind::data);
  EXPECT_FALSE(pending.has_too_many(limit));
  pending.add(share("x"), Kind::data);
  EXPECT_TRUE(pending.has_too_many(limit));
  EXPECT_EQ(pending.drop_oldest(1, limit), 1);
  pending.consume(1);
  EXPECT_FALSE(pending.has_too_many(limit));
}

TEST(PendingWrites, FreesSentEntriesThoughNeverEmpty) {
  PendingWrites pending;
  pending.add(share("x"), Kind::data);
  for (int index = 0; index != 10'000; ++index) {
    pending.add(share("x"), Kind::data);
    pending.consume(1);
  }
  EXPECT_LT(pending.capacity(), 1000);
  EXPECT_EQ(all_of(pending), "x");
}

TEST(PendingWrites, DropsTheOldestDataUntilTheNewFits) {
  PendingWrites pending;
  pending.add(share("aaaa"), Kind::data);
  pending.add(share("bbbb"), Kind::data);
  pending.add(share("cccc"), Kind::data);
  EXPECT_EQ(pending.drop_oldest(4, 12), 1);
  EXPECT_EQ(all_of(pending), "bbbbcccc");
  EXPECT_EQ(pending.bytes(), 8);
}

TEST(PendingWrites, KeepsBegunEntriesAndControlFrames) {
  PendingWrites pending;
  pending.add(share("begun"), Kind::data);
  pending.add(share("pong"), Kind::control);
  pending.add(share("data"), Kind::data);
  pending.consume(1);
  pending.drop_all_data();
  EXPECT_EQ(all_of(pending), "egunpong");
}

TEST(PendingWrites, DropsTheFirstEntryIfUnsent) {
  PendingWrites pending;
  pending.add(share("a"), Kind::data);
  pending.consume(1);
  pending.add(share("whole"), Kind::data);
  pending.drop_all_data();
  EXPECT_TRUE(pending.empty());
  EXPECT_EQ(pending.bytes(), 0);
}

TEST(PendingWrites, ClearsABegunEntry) {
  PendingWrites pending;
  pending.add(share("abc"), Kind::data);
  pending.consume(1);
  pending.clear();
  EXPECT_TRUE(pending.empty());
  pending.add(share("def"), Kind::data);
  EXPECT_EQ(all_of(pending), "def");
}

TEST(PendingWrites, IgnoresAnEmptyEntry) {
  PendingWrites pending;
  pending.add(share(""), Kind::data);
  EXPECT_TRUE(pending.empty());
}

TEST(PendingWrites, ExcludesTheRestOfAnOversizedEntry) {
  PendingWrites pending;
  pending.add(share(std::string(100, 'a')), PendingWrites::Kind::data);
  pending.add(share(std::string(10, 'b')), PendingWrites::Kind::data);
  EXPECT_EQ(pending.bytes_under(50), 110) << "it is unsent, and may be dropped";
  pending.consume(1);
  EXPECT_EQ(pending.bytes_under(50), 10);
  EXPECT_EQ(pending.bytes_under(100), 109) << "it is not over this limit";
  EXPECT_EQ(pending.drop_oldest(40, 50), 0) << "there is room behind it";
  EXPECT_EQ(pending.drop_oldest(41, 50), 1);
  pending.consume(99);
  EXPECT_TRUE(pending.empty());
}

}  // namespace
}  // namespace coroom::detail::net
