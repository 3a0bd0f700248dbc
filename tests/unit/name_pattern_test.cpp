#include "server/name_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(NamePattern, MatchesTheWholeName) {
  const auto pattern = NamePattern::make("[a-z]+|x[0-9]*");
  ASSERT_TRUE(pattern);
  for (const char* name : {"tea", "x", "x12"}) EXPECT_TRUE(pattern->matches(name)) << name;
  for (const char* name : {"", "Tea", "tea1", "1tea", "x12y", "tea\n"})
    EXPECT_FALSE(pattern->matches(name)) << name;
}

TEST(NamePattern, ReadsUtf8) {
  const auto pattern = NamePattern::make("\\p{Han}.");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->matches("茶室"));
  EXPECT_FALSE(pattern->matches("茶"));
}

TEST(NamePattern, IsSharedByItsCopies) {
  auto pattern = NamePattern::make("tea");
  ASSERT_TRUE(pattern);
  const NamePattern copy = *pattern;
  pattern = failure("gone");
  EXPECT_TRUE(copy.matches("tea"));
}

TEST(NamePattern, ReportsTheErrorOfRe2) {
  const auto pattern = NamePattern::make("[a-z");
  ASSERT_FALSE(pattern);
  EXPECT_THAT(pattern.error().message, AllOf(HasSubstr("'[a-z'"), HasSubstr("missing ]")));
}

TEST(NamePattern, RejectsHugeExpressions) {
  const auto pattern = NamePattern::make("((\\pL{100}){100}){100}");
  ASSERT_FALSE(pattern);
  EXPECT_FALSE(NamePattern::make("(\\pL{500})(\\pL{500})(\\pL{500})"));
}

}  // namespace
}  // namespace coroom::server
