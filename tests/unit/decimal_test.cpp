#include "centrifuge/decimal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::centrifuge {
namespace {

Decimal number(std::string_view text) {
  const auto parsed = parse_decimal(text);
  if (!parsed) throw std::invalid_argument(std::string(text));
  return *parsed;
}

TEST(Decimal, ComparesNumbersOfAnyForm) {
  EXPECT_EQ(number("1"), number("+1.000"));
  EXPECT_EQ(number("-0"), number("0.0"));
  EXPECT_EQ(number("010"), number("10")) << "a leading zero is not octal";
  EXPECT_EQ(number("000"), number("0"));
  EXPECT_LT(number("9"), number("10"));
  EXPECT_LT(number("-10"), number("-9.5"));
  EXPECT_LT(number("-0.1"), number("0.01"));
  EXPECT_LT(number("1.09"), number("1.1"));
}

TEST(Decimal, ComparesWithoutRounding) {
  EXPECT_LT(number("0.1234567890123456788"), number("0.1234567890123456789"));
  EXPECT_LT(number("9007199254740992"), number("9007199254740993"));
  const std::string largest(200, '9');
  EXPECT_LT(number(std::string(199, '9') + "8"), number(largest));
  EXPECT_LT(number("-" + std::string(199, '9')), number("-" + std::string(198, '9') + "8"));
}

TEST(Decimal, RejectsOtherText) {
  for (const char* text : {"", "+", "-", ".", ".5", "5.", "-.5", "1.2.3", "1e3", "1,5", " 1", "1 ", "--1",
                           "+-1", "0x10", "NaN", "inf", "1_000", "0.12345678901234567890"})
    EXPECT_FALSE(parse_decimal(text)) << text;
  EXPECT_FALSE(parse_decimal(std::string(201, '1')));
  EXPECT_FALSE(parse_decimal(std::string_view("1\0", 2)));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
