#include "core/grammar.hpp"
#include "web/set_cookie.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string_view>

namespace coroom::detail::web {
namespace {

using std::string_view_literals::operator""sv;

TEST(Cookies, FollowsRfc6265) {
  EXPECT_EQ(set_cookie("seat", "tea", {}), "seat=tea; Path=/");
  CookieOptions options;
  options.path = "/chat";
  options.domain = "example.org";
  options.max_age = std::chrono::hours(1);
  options.http_only = true;
  options.secure = true;
  options.same_site = SameSite::strict;
  EXPECT_EQ(set_cookie("seat", "\"tea\"", options),
            "seat=\"tea\"; Max-Age=3600; Domain=example.org; Path=/chat; Secure; HttpOnly; SameSite=Strict");
  options.same_site = SameSite::none;
  EXPECT_TRUE(set_cookie("seat", "", options).ends_with("; SameSite=None"));
}

TEST(Cookies, ExpiresACookieWithoutRemainingTime) {
  CookieOptions options;
  options.max_age = std::chrono::seconds(0);
  EXPECT_EQ(set_cookie("seat", "", options), "seat=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/");
}

TEST(Cookies, ThrowsOnInvalidCharacters) {
  for (const auto name : {""sv, "a b"sv, "a=b"sv, "a;b"sv, "a\r\nb"sv, "ü"sv, "a\0b"sv})
    EXPECT_THROW(set_cookie(name, "x", {}), std::invalid_argument) << name;
  for (const auto value :
       {"a b"sv, "a;b"sv, "a,b"sv, "a\"b"sv, "\""sv, "\\"sv, "a\nb"sv, "a\x7f"sv, "茶"sv, "a\0b"sv})
    EXPECT_THROW(set_cookie("a", value, {}), std::invalid_argument) << value;
  for (const char* attribute : {"/; HttpOnly", "/\r\nX: y", "/茶"}) {
    CookieOptions options;
    options.path = attribute;
    EXPECT_THROW(set_cookie("a", "b", options), std::invalid_argument) << attribute;
    options.path = "/";
    options.domain = attribute;
    EXPECT_THROW(set_cookie("a", "b", options), std::invalid_argument) << attribute;
  }
}

TEST(Cookies, ThrowsOnCookiesThatBrowsersDrop) {
  CookieOptions options;
  options.same_site = SameSite::none;
  EXPECT_THROW(set_cookie("a", "b", options), std::invalid_argument);
  options.same_site.reset();
  EXPECT_THROW(set_cookie("__Secure-a", "b", options), std::invalid_argument);
  options.secure = true;
  EXPECT_NO_THROW(set_cookie("__Secure-a", "b", options));
  EXPECT_NO_THROW(set_cookie("__Host-a", "b", options));
  options.path = "/chat";
  EXPECT_THROW(set_cookie("__Host-a", "b", options), std::invalid_argument);
}

TEST(Cookies, RejectsLineBreaksInFieldValues) {
  EXPECT_TRUE(is_field_value(""));
  EXPECT_TRUE(is_field_value("text/html;\tq=1, 茶"));
  for (const auto value : {"a\r\nb: c"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "a\x7f"sv, "\x01"sv})
    EXPECT_FALSE(is_field_value(value)) << value;
}

}  // namespace
}  // namespace coroom::detail::web
