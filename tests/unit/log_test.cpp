#include <coroom/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::logging {
namespace {

/// The lines that a program receives when it redirects the log.
class LogTest : public testing::Test {
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

TEST_F(LogTest, WritesTextWithFields) {
  configure(Level::info, Format::text);
  warning("a door is open", {{"room", "tea"}, {"people", 3}, {"note", "cold \"wind\""}});
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().first, Level::warning);
  EXPECT_EQ(lines_.front().second, R"(a door is open room=tea people=3 note="cold \"wind\"")");
}

TEST_F(LogTest, WritesJsonMembers) {
  configure(Level::info, Format::json);
  info("a door is shut", {{"room", "tea\n"}, {"people", -3}});
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().second, R"("event":"a door is shut","room":"tea\n","people":-3)");
}

TEST_F(LogTest, OmitsLinesBelowTheLevel) {
  configure(Level::error, Format::text);
  warning("omitted");
  error("written");
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_.front().second, "written");
  configure(Level::off, Format::text);
  error("omitted");
  EXPECT_EQ(lines_.size(), 1);
}

TEST_F(LogTest, LimitsTheRateOfAnEvent) {
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

TEST_F(LogTest, LimitsTheRateOfAnAddress) {
  limit_rate(4);
  for (int line = 0; line != 15; ++line) info("knocks", {{"peer", "192.0.2.1"}});
  EXPECT_EQ(lines_.size(), 10);
  // A random hash decides which addresses share a limit. One of the ten others may share that of the first,
  // but not all of them.
  for (int other = 2; other != 12; ++other) {
    const std::string peer = "192.0.2." + std::to_string(other);
    info("knocks", {{"peer", peer}});
  }
  EXPECT_GT(lines_.size(), 10) << "no line of another address was written";
}

TEST_F(LogTest, DoesNotLimitDebugLines) {
  configure(Level::debug, Format::text);
  limit_rate(1);
  for (int line = 0; line != 15; ++line) debug("a step");
  EXPECT_EQ(lines_.size(), 15);
}

}  // namespace
}  // namespace coroom::logging
