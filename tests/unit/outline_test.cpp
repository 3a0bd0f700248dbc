#include "centrifuge/outline.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::centrifuge {
namespace {

TEST(Outline, FindsTheIdBesideInvalidJson) {
  EXPECT_EQ(outline_of(R"({"id":7,"publish":{"data":"\ud83d"}})").id, 7U);
  EXPECT_EQ(outline_of(R"({"publish":{"data":NaN, "id":3},"id": 7})").id, 7U);
  EXPECT_EQ(outline_of("{\"publish\":{\"data\":\"a\tb\"},\"id\":7.0}").id, 7U);
  EXPECT_EQ(outline_of(R"({"a":"\\","id":18446744073709551615)").id, 18446744073709551615U);
}

TEST(Outline, IgnoresNestedAndQuotedIds) {
  EXPECT_FALSE(outline_of(R"({"publish":{"id":7}})").id);
  EXPECT_FALSE(outline_of(R"({"text":"\"id\":7"})").id);
  EXPECT_FALSE(outline_of(R"("id":7)").id);
  EXPECT_FALSE(outline_of(R"({"a":"id",7})").id);
}

TEST(Outline, RejectsIdsThatAreNotPositiveIntegers) {
  for (const char* id : {"0", "-1", "1.5", "\"7\"", "null", "1e30", "", "+"})
    EXPECT_FALSE(outline_of(std::string(R"({"id":)") + id + ",\"rpc\":{}}").id) << id;
}

TEST(Outline, StopsAtTheEndOfTheText) {
  for (const char* line :
       {"", "{", R"({")", R"({"id)", R"({"id")", R"({"id":)", R"({"a\)", "}}]", R"(hello "id":1)"})
    EXPECT_FALSE(outline_of(line).id) << line;
}

TEST(Outline, DetectsCommandsWithoutAReply) {
  EXPECT_TRUE(outline_of(R"({"send":{"data":"\ud83d"}})").sends);
  EXPECT_FALSE(outline_of(R"({"publish":{"send":1}})").sends);
}

}  // namespace
}  // namespace coroom::detail::centrifuge
