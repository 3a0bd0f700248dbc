#include "centrifuge/filter_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::centrifuge {
namespace {

using testing::HasSubstr;

std::string fault_of(std::string_view json) {
  const auto node = filter_of_json(json);
  return node ? "no fault" : node.error().message;
}

std::string nested(std::size_t levels) {
  std::string json = R"({"key":"t","cmp":"in","vals":["a"]})";
  while (--levels != 0) json = R"({"op":"not","nodes":[)" + json + "]}";
  return json;
}

TEST(FilterJson, ReadsAllFields) {
  const auto read = filter_of_json(
      R"({"op":"and","nodes":[{"key":"k","cmp":"eq","val":"\u6885"},{"key":"k","cmp":"in","vals":["a",""]}]})");
  ASSERT_TRUE(read);
  FilterNode expected;
  expected.op = "and";
  expected.nodes.resize(2);
  expected.nodes[0].key = expected.nodes[1].key = "k";
  expected.nodes[0].cmp = "eq";
  expected.nodes[0].val = "梅";
  expected.nodes[1].cmp = "in";
  expected.nodes[1].vals = {"a", ""};
  EXPECT_EQ(*read, expected);
}

TEST(FilterJson, IgnoresUnknownAndNullFields) {
  const auto read = filter_of_json(
      R"({"op":null,"key":"k","cmp":"ex","val":null,"vals":null,"nodes":null,"more":{"val":[1]}})");
  ASSERT_TRUE(read);
  FilterNode expected;
  expected.key = "k";
  expected.cmp = "ex";
  EXPECT_EQ(*read, expected);
}

TEST(FilterJson, NamesTheFieldOfTheWrongType) {
  for (const char* field : {"op", "key", "cmp", "val"})
    for (const char* value : {"1", "true", "{}", "[]"})
      EXPECT_EQ(fault_of(std::string("{\"") + field + "\":" + value + "}"),
                std::string("the field \"") + field + "\" of the filter is not a string");
  for (const char* value : {"1", "\"a\"", "{}", "[1]", "[null]", "[[\"a\"]]"})
    EXPECT_THAT(fault_of(std::string(R"({"vals":)") + value + "}"),
                HasSubstr("\"vals\" of the filter is not an array of strings"));
  for (const char* value : {"1", "\"a\"", "{}", "[1]", "[null]", "[[{}]]"})
    EXPECT_THAT(fault_of(std::string(R"({"nodes":)") + value + "}"),
                HasSubstr("\"nodes\" of the filter is not an array of objects"));
  EXPECT_THAT(fault_of(R"({"nodes":[{"nodes":[{"key":1}]}]})"), HasSubstr("\"key\"")) << "also below";
}

TEST(FilterJson, RejectsOtherJson) {
  EXPECT_EQ(fault_of("[]"), "the filter is not an object");
  EXPECT_EQ(fault_of("null"), "the filter is not an object");
  EXPECT_EQ(fault_of(""), "the filter is not JSON");
  EXPECT_EQ(fault_of("{} {}"), "the filter is not JSON");
  EXPECT_EQ(fault_of("{\"key\":\"\xff\"}"), "the filter is not JSON");
}

TEST(FilterJson, LimitsNodesAndLevels) {
  EXPECT_EQ(fault_of(nested(deepest_filter)), "no fault");
  EXPECT_THAT(fault_of(nested(deepest_filter + 1)), HasSubstr("15 levels"));
  EXPECT_THAT(fault_of(nested(1'000)), HasSubstr("15 levels"));
  std::string wide = R"({"nodes":[{})";
  for (std::size_t node = 2; node != most_filter_nodes; ++node) wide += ",{}";
  EXPECT_EQ(fault_of(wide + "]}"), "no fault");
  EXPECT_THAT(fault_of(wide + ",{}]}"), HasSubstr("100 nodes"));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
