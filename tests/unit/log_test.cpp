#include <coroom/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::logging {
namespace {

/// What a program gets that takes the lines itself.
class Lines : public testing::Test {
 protected:
  void SetUp() override {
    redirect([this](Level level, std::string_view line) { lines_.emplace_back(level, line); });
  }
  void TearDown() override {
    redirect(nullptr);
    configure(Level::info, Format::text);
    limit_rate(20);
  }

  std::vector<std::pair<Level, std::string>> lines_;
};

TEST_F(Lines, AreWordsAndValues) {
  configure(Level::info, Format::text);
  warning("a door is open", {{"room", "tea"}, {"people", 3}, {"note", "cold \"wind\""}});
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().first, Level::warning);
  EXPECT_EQ(lines_.front().second, R"(a door is open room=tea people=3 note="cold \"wind\"")");
}

TEST_F(Lines, AreMembersOfAnObject) {
  configure(Level::info, Format::json);
  info("a door is shut", {{"room", "tea\n"}, {"people", -3}});
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().second, R"("event":"a door is shut","room":"tea\n","people":-3)");
}

TEST_F(Lines, BelowTheLevelAreNotTold) {
  configure(Level::error, Format::text);
  warning("unheard");
  error("heard");
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().second, "heard");
  configure(Level::off, Format::text);
  error("unheard");
  EXPECT_EQ(lines_.size(), 1);
}

TEST_F(Lines, OfOneEventHaveAPace) {
  limit_rate(1);
  const std::uint64_t before = unwritten().suppressed;
  for (int line = 0; line != 15; ++line) warning("a door is open");
  for (int line = 0; line != 15; ++line) debug("below the level");
  ASSERT_EQ(lines_.size(), 10);
  EXPECT_EQ(unwritten().suppressed - before, 5);
  record("a door is locked", {{"by", "the porter"}});
  EXPECT_EQ(lines_.back().second, R"(a door is locked by="the porter")");
  EXPECT_TRUE(flush(std::chrono::seconds(10)));
  EXPECT_EQ(lines_.back().second, R"(suppressed event="a door is open" lines=5)");
}

TEST_F(Lines, OfOneAddressHaveAPaceOfTheirOwn) {
  limit_rate(4);
  for (int line = 0; line != 15; ++line) info("knocks", {{"peer", "192.0.2.1"}});
  EXPECT_EQ(lines_.size(), 10);
  // Chance decides which addresses share a pace, so one other could be the first one's neighbour; not all
  // ten.
  for (int other = 2; other != 12; ++other) {
    const std::string peer = "192.0.2." + std::to_string(other);
    info("knocks", {{"peer", peer}});
  }
  EXPECT_GT(lines_.size(), 10) << "no line of another address was written";
}

TEST_F(Lines, ForDebuggingAreAllWritten) {
  configure(Level::debug, Format::text);
  limit_rate(1);
  for (int line = 0; line != 15; ++line) debug("a step");
  EXPECT_EQ(lines_.size(), 15);
}

}  // namespace
}  // namespace coroom::logging
