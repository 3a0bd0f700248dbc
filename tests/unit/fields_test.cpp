#include "centrifuge/fields.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::centrifuge {
namespace {

TEST(Fields, AcceptsExactlyOneNamedMethod) {
  auto fields = read_fields(R"({"id":1,"publish":{"channel":"a","data":{"b": [1, "c"]}}})");
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->method, "publish");
  EXPECT_EQ(fields->find("data")->json(), R"({"b":[1,"c"]})");
  EXPECT_FALSE(read_fields(R"({"id":1,"publish":{},"connect":{}})"));
  EXPECT_FALSE(read_fields(R"({"id":1,"":{"channel":"a"},"publish":{}})"));
  EXPECT_FALSE(read_fields(R"({"id":1,"":{}})"));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
