#include "web/range_choice.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace coroom::detail::web {
namespace {

constexpr std::uint64_t size = 1000;

RangeChoice choose(const std::string& field) {
  return choose_range(field, size);
}

TEST(RangeChoice, FollowsRfc9110) {
  const auto is_part = [](const std::string& field, const http::ByteRange& part) {
    const RangeChoice choice = choose(field);
    return choice.kind == RangeChoice::Kind::part && choice.range == part;
  };
  EXPECT_TRUE(is_part("bytes=0-99", {0, 100}));
  EXPECT_TRUE(is_part("BYTES=0-0", {0, 1}));
  EXPECT_TRUE(is_part("bytes=900-", {900, 100}));
  EXPECT_TRUE(is_part("bytes=900-5000", {900, 100}));
  EXPECT_TRUE(is_part("bytes=-100", {900, 100}));
  EXPECT_TRUE(is_part("bytes=-5000", {0, 1000}));
}

TEST(RangeChoice, IsUnsatisfiableBehindTheEnd) {
  for (const char* field : {"bytes=1000-", "bytes=1000-1001", "bytes=-0"})
    EXPECT_EQ(choose(field).kind, RangeChoice::Kind::unsatisfiable) << field;
  EXPECT_EQ(choose_range("bytes=0-", 0).kind, RangeChoice::Kind::unsatisfiable);
  EXPECT_EQ(choose_range("bytes=-1", 0).kind, RangeChoice::Kind::unsatisfiable);
}

TEST(RangeChoice, SelectsTheWholeIfMalformed) {
  const std::string too_large = std::to_string(std::numeric_limits<std::uint64_t>::max()) + "0";
  for (const std::string& field :
       {std::string("bytes=5-4"), std::string("bytes="), std::string("bytes=-"), std::string("bytes=a-b"),
        std::string("bytes=0-1,5-6"), std::string("bytes=+1-2"), std::string("bytes=1- 2"),
        std::string("lines=0-1"), std::string("0-1"), "bytes=" + too_large + "-", "bytes=0-" + too_large})
    EXPECT_EQ(choose(field).kind, RangeChoice::Kind::whole) << field;
  EXPECT_EQ(choose_range(std::nullopt, size).kind, RangeChoice::Kind::whole);
}

}  // namespace
}  // namespace coroom::detail::web
