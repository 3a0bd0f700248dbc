#include <coroom/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::log {
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

}  // namespace
}  // namespace coroom::log
