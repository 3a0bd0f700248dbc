#include <coroom/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace coroom {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return failure(Errc::invalid_argument, std::to_string(number) + " is odd");
  return number / 2;
}

TEST(Error, CarriesACodeAndAMessage) {
  const auto odd = half(3);
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().message, "3 is odd");
  EXPECT_TRUE(odd.error().code == Errc::invalid_argument);
  EXPECT_FALSE(odd.error().code == Errc::closed);
}

TEST(Error, HasTheCodeFailedByDefault) {
  const Result<> failed = failure("no disk");
  EXPECT_EQ(failed.error().code, Errc::failed);
  EXPECT_TRUE(failed.error().code.failed()) << "a code of 0 would be a success";
}

TEST(Error, DescribesEachCode) {
  EXPECT_STREQ(error_category().name(), "coroom");
  std::string last;
  for (int code = static_cast<int>(Errc::failed); code <= static_cast<int>(Errc::storage_failed); ++code) {
    const std::string message = make_error_code(static_cast<Errc>(code)).message();
    EXPECT_NE(message, "unknown error");
    EXPECT_NE(message, last);
    last = message;
  }
  EXPECT_EQ(error_category().message(1000), "unknown error");
}

}  // namespace
}  // namespace coroom
