#include "core/grammar.hpp"
#include "http/response.hpp"
#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::detail::http {
namespace {

TEST(HttpMessage, ComparesHeaderNamesWithoutCase) {
  Headers headers;
  headers.add("Content-TYPE", "text/html");
  EXPECT_EQ(headers.get("content-type"), "text/html");
  EXPECT_EQ(headers.get("content"), std::nullopt);
}

TEST(HttpMessage, FindsTokensInListsAndRepeatedFields) {
  Headers headers;
  headers.add("Connection", "keep-alive , Upgrade");
  headers.add("connection", "x");
  EXPECT_TRUE(headers.has_token("Connection", "upgrade"));
  EXPECT_TRUE(headers.has_token("Connection", "X"));
  EXPECT_FALSE(headers.has_token("Connection", "keep"));
  EXPECT_EQ(headers.list("Connection"), "keep-alive , Upgrade, x");
}

TEST(HttpMessage, DecodesPathAndQuery) {
  Request request;
  ASSERT_TRUE(parse_target("/a%20b?room=2&empty=&room=%E8%81%8A+x", request));
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.argument("room"), "聊 x") << "the last value counts";
  EXPECT_EQ(request.argument("empty"), "");
  EXPECT_EQ(request.argument("none"), std::nullopt);
}

TEST(HttpMessage, AcceptsAnAbsoluteTarget) {
  Request request;
  ASSERT_TRUE(parse_target("http://example.org/chat?room=a", request));
  EXPECT_EQ(request.path, "/chat");
  EXPECT_EQ(request.argument("room"), "a");
}

TEST(HttpMessage, RejectsInvalidTargets) {
  for (const char* target : {"no-slash", "", "/a b", "/a\tb", "/a\x7f", "/a?b\n", "*", "http://a|b/"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(HttpMessage, AcceptsCharactersBrowsersDoNotEncode) {
  const std::pair<std::string_view, std::string_view> rooms[] = {
      {"a|b", "a|b"},   {"a{b}", "a{b}"},
      {"a^b", "a^b"},   {"[a]", "[a]"},
      {"a\\b", "a\\b"}, {"a`b", "a`b"},
      {"\"<>", "\"<>"}, {"100%", "100%"},
      {"%zz", "%zz"},   {"%7c%", "|%"},
      {"%%7c", "%|"},   {"%2", "%2"},
      {"%25zz", "%zz"}, {"caf\xc3\xa9", "caf\xc3\xa9"},
      {"\xff", "\xff"}, {"a/b", "a/b"}};
  for (const auto& [sent, meant] : rooms) {
    Request request;
    ASSERT_TRUE(parse_target("/r/" + std::string(sent) + "?room=" + std::string(sent), request)) << sent;
    EXPECT_EQ(request.path, "/r/" + std::string(meant));
    EXPECT_EQ(request.argument("room"), meant);
    EXPECT_EQ(percent_decoded(request.raw_path), request.path);
    Request absolute;
    ASSERT_TRUE(parse_target("http://example.org/r/" + std::string(sent), absolute)) << sent;
    EXPECT_EQ(absolute.raw_path, request.raw_path);
  }
}

TEST(HttpMessage, KeepsTheEncodedPath) {
  Request request;
  ASSERT_TRUE(parse_target("/a%2Fb%5c..%2f?q=%26|", request));
  EXPECT_EQ(request.raw_path, "/a%2Fb%5c..%2f");
  EXPECT_EQ(request.argument("q"), "&|");
}

TEST(HttpMessage, AcceptsAsteriskForOptions) {
  Request request;
  request.method = "OPTIONS";
  ASSERT_TRUE(parse_target("*", request));
  EXPECT_EQ(request.raw_path, server_itself);
}

TEST(HttpMessage, RejectsFragments) {
  for (const char* target :
       {"http://h?#f", "http://h?#", "http://h#f", "http://h?a=b#f", "/#f", "/?#f", "#"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(HttpMessage, RejectsAbsoluteTargetsWithoutAHost) {
  for (const char* target : {"http://h:x", "http://h:80x/", "http://h::5/", "http://[::1]x", "mailto:x",
                             "http:x", "http:", "http:/x", "http:///x", "x:?a=b"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(HttpMessage, UsesTheRootForAnEmptyPath) {
  for (const char* target : {"http://h", "http://h?", "http://h?a=b"}) {
    Request request;
    ASSERT_TRUE(parse_target(target, request)) << target;
    EXPECT_EQ(request.path, "/");
    EXPECT_EQ(request.raw_path, "/");
  }
}

/// Returns a request with a form, as browsers send it.
Request form(std::string body, const char* method = "POST",
             std::string type = "application/x-www-form-urlencoded; charset=utf-8") {
  Request request;
  request.method = method;
  request.headers.add("Content-Type", std::move(type));
  request.body = std::move(body);
  return request;
}

Request::Parameters fields_of(Request request) {
  EXPECT_TRUE(parse_form(request));
  return request.form;
}

TEST(HttpMessage, DecodesAForm) {
  const Request::Parameters fields = {{"a", "b c"}, {"d", ""}, {"e", "=&+"}};
  EXPECT_EQ(fields_of(form("a=b+c&d&e=%3D%26%2B")), fields);
  EXPECT_EQ(fields_of(form("a=")), Request::Parameters({{"a", ""}}));
}

TEST(HttpMessage, ParsesAFormByMethodAndType) {
  const Request::Parameters fields = {{"a", "b"}};
  for (const char* method : {"POST", "PUT", "PATCH"}) EXPECT_EQ(fields_of(form("a=b", method)), fields);
  EXPECT_EQ(fields_of(form("a=b", "GET")), Request::Parameters());
  EXPECT_EQ(fields_of(form("a=b", "POST", "text/plain")), Request::Parameters());
}

TEST(HttpMessage, ComparesMediaTypesWithoutParameters) {
  for (const char* type : {"text/plain", "Text/Plain", " text/plain ", "text/plain ; charset=utf-8"})
    EXPECT_TRUE(detail::is_media_type(type, "text/plain")) << type;
  for (const char* type : {"", ";", "text/plainer", "text/plai", "text / plain", "x; text/plain"})
    EXPECT_FALSE(detail::is_media_type(type, "text/plain")) << type;
}

TEST(HttpMessage, ParsesNoFieldsFromAnEmptyForm) {
  EXPECT_EQ(fields_of(form("")), Request::Parameters());
}

TEST(HttpMessage, AcceptsUnencodedFormFields) {
  const Request::Parameters fields = {{"a", "b#|"}, {"c", "%zz"}, {"d", "caf\xc3\xa9\r\n"}};
  EXPECT_EQ(fields_of(form("a=b#|&c=%zz&d=caf\xc3\xa9\r\n")), fields);
  const std::string zero("a=b\0c", 5);
  EXPECT_EQ(fields_of(form(zero)), Request::Parameters({{"a", std::string("b\0c", 3)}}));
}

TEST(HttpMessage, LimitsAFormTo1000Fields) {
  EXPECT_EQ(fields_of(form(std::string(999, '&'))).size(), 1000);
  Request request = form(std::string(1000, '&'));
  EXPECT_FALSE(parse_form(request));
}

}  // namespace
}  // namespace coroom::detail::http
