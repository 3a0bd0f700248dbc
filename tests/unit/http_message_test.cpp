#include "http/message.hpp"
#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::http {
namespace {

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers;
  headers.add("Content-TYPE", "text/html");
  EXPECT_EQ(headers.get("content-type"), "text/html");
  EXPECT_EQ(headers.get("content"), std::nullopt);
}

TEST(Headers, TokensAreFoundInListsAndRepeatedFields) {
  Headers headers;
  headers.add("Connection", "keep-alive , Upgrade");
  headers.add("connection", "x");
  EXPECT_TRUE(headers.has_token("Connection", "upgrade"));
  EXPECT_TRUE(headers.has_token("Connection", "X"));
  EXPECT_FALSE(headers.has_token("Connection", "keep"));
  EXPECT_EQ(headers.list("Connection"), "keep-alive , Upgrade, x");
}

TEST(Target, IsTakenApartAndDecoded) {
  Request request;
  ASSERT_TRUE(parse_target("/a%20b?room=2&empty=&room=%E8%81%8A+x", request));
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.argument("room"), "聊 x") << "the last one";
  EXPECT_EQ(request.argument("empty"), "");
  EXPECT_EQ(request.argument("none"), std::nullopt);
}

TEST(Target, AbsoluteFormIsUnderstood) {
  Request request;
  ASSERT_TRUE(parse_target("http://example.org/chat?room=a", request));
  EXPECT_EQ(request.path, "/chat");
  EXPECT_EQ(request.argument("room"), "a");
}

TEST(Target, WhatIsNoUrlIsRefused) {
  for (const char* target : {"/%zz", "no-slash", "", "/a b"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(Target, HasNoFragment) {
  for (const char* target :
       {"http://h?#f", "http://h?#", "http://h#f", "http://h?a=b#f", "/#f", "/?#f", "#"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(Target, InAbsoluteFormHasAHost) {
  for (const char* target : {"http://h:x", "http://h:80x/", "http://h::5/", "http://[::1]x", "mailto:x",
                             "http:x", "http:", "http:/x", "http:///x", "x:?a=b"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(Target, WithoutAPathIsTheRoot) {
  for (const char* target : {"http://h", "http://h?", "http://h?a=b"}) {
    Request request;
    ASSERT_TRUE(parse_target(target, request)) << target;
    EXPECT_EQ(request.path, "/");
    EXPECT_EQ(request.raw_path, "/");
  }
}

/// As a browser posts it.
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

TEST(Form, IsDecoded) {
  const Request::Parameters fields = {{"a", "b c"}, {"d", ""}, {"e", "=&+"}};
  EXPECT_EQ(fields_of(form("a=b+c&d&e=%3D%26%2B")), fields);
  EXPECT_EQ(fields_of(form("a=")), Request::Parameters({{"a", ""}}));
}

TEST(Form, IsPostedAsOne) {
  const Request::Parameters fields = {{"a", "b"}};
  for (const char* method : {"POST", "PUT", "PATCH"}) EXPECT_EQ(fields_of(form("a=b", method)), fields);
  EXPECT_EQ(fields_of(form("a=b", "GET")), Request::Parameters());
  EXPECT_EQ(fields_of(form("a=b", "POST", "text/plain")), Request::Parameters());
}

TEST(Form, OfWhatIsNoneHasNoFields) {
  for (const char* body : {"", "#", "#f", "a=b#f", "a=%zz", "{\"a\": 1}"})
    EXPECT_EQ(fields_of(form(body)), Request::Parameters()) << body;
}

TEST(Form, HasNoMoreThanAThousandFields) {
  EXPECT_EQ(fields_of(form(std::string(999, '&'))).size(), 1000);
  Request request = form(std::string(1000, '&'));
  EXPECT_FALSE(parse_form(request));
}

}  // namespace
}  // namespace coroom::http
