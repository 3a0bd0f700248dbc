#include "websocket/extensions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::detail::websocket {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Extensions, ParsesNamesAndParameters) {
  const auto extensions = parse_extensions(R"(, foo;a; b = 1 ,, bar; c="t\wo")");
  ASSERT_TRUE(extensions);
  ASSERT_EQ(extensions->size(), 2);
  EXPECT_EQ((*extensions)[0].name, "foo");
  EXPECT_THAT((*extensions)[0].parameters, ElementsAre(Pair("a", ""), Pair("b", "1")));
  EXPECT_EQ((*extensions)[1].name, "bar");
  EXPECT_THAT((*extensions)[1].parameters, ElementsAre(Pair("c", "two")));
  EXPECT_THAT(parse_extensions("foo")->front().parameters, IsEmpty());
}

TEST(Extensions, RejectsInvalidSyntax) {
  for (const char* field :
       {"", " , ", ";", "foo;", "foo; =1", "foo; a=", "foo; a=1=2", "foo; a=1 2", "foo bar", "\"foo\"",
        "foo=1", "foo; a=\"b", "foo; a=\"b\\", "foo; a=\"\"", "foo; a=\"b c\"", "foo, bar; ="}) {
    EXPECT_FALSE(parse_extensions(field)) << field;
  }
}

}  // namespace
}  // namespace coroom::detail::websocket
