#include "core/json_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::detail {
namespace {

TEST(JsonText, IsExactlyOneValue) {
  for (const char* json : {"1", "\"x\"", "null", " [1, 2]\n", R"({"a":{"b":[true]}})", R"("\ud83d\ude00")"})
    EXPECT_TRUE(is_json(json)) << json;
  for (const char* other :
       {"", " ", "x", "1 2", "{}{}", R"({"a":1},"id":7)", "[1,]", "\"\n\"", "\"\xff\"", "NaN", "// 1"})
    EXPECT_FALSE(is_json(other)) << other;
}

TEST(JsonText, NestsAtMost32Levels) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(is_json(nested(32)));
  EXPECT_FALSE(is_json(nested(33)));
  EXPECT_FALSE(is_json(nested(1'000'000)));
}

TEST(JsonText, FitsOnOneLine) {
  std::string json = "{\r\n  \"a\": \"b\\nc\"\n}";
  put_in_one_line(json);
  EXPECT_EQ(json, "{    \"a\": \"b\\nc\" }");
  EXPECT_TRUE(is_json(json));
}

TEST(JsonText, ReturnsTheTextOfValues) {
  EXPECT_EQ(text_of_json(R"("one\ntwo")"), "one\ntwo");
  EXPECT_EQ(text_of_json("\n \"tea\" "), "tea") << "as clients over Protobuf may send it";
  EXPECT_EQ(text_of_json("{ \"a\" : [1, \" 2\"] }"), R"({"a":[1," 2"]})");
}

}  // namespace
}  // namespace coroom::detail
