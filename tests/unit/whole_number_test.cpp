#include "core/whole_number.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace coroom::detail {
namespace {

TEST(WholeNumber, ParsesAnyNotation) {
  EXPECT_EQ(whole_number<int>("1"), 1);
  EXPECT_EQ(whole_number<int>("1.0"), 1);
  EXPECT_EQ(whole_number<int>("1e1"), 10);
  EXPECT_EQ(whole_number<int>("-3.0E0"), -3);
  EXPECT_EQ(whole_number<std::uint32_t>("-0"), 0U);
  EXPECT_EQ(whole_number<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
}

TEST(WholeNumber, RejectsFractionsAndOverflow) {
  EXPECT_FALSE(whole_number<int>("1.5"));
  EXPECT_FALSE(whole_number<std::uint32_t>("-1"));
  EXPECT_FALSE(whole_number<std::uint32_t>("4294967296.0"));
  EXPECT_FALSE(whole_number<std::uint64_t>("18446744073709551616"));
  EXPECT_FALSE(whole_number<std::uint64_t>("1e300"));
  EXPECT_FALSE(whole_number<std::uint64_t>("1e999"));
  EXPECT_FALSE(whole_number<int>("nan"));
  EXPECT_FALSE(whole_number<int>(""));
  EXPECT_FALSE(whole_number<int>("1x"));
}

}  // namespace
}  // namespace coroom::detail
