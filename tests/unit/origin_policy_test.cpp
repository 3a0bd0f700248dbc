#include "auth/origin_policy.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace coroom::detail::auth {
namespace {

bool allows(const std::vector<std::string>& allowed, const char* origin, const char* host) {
  Request request;
  if (origin != nullptr) request.headers.add("Origin", origin);
  if (host != nullptr) request.headers.add("Host", host);
  return OriginPolicy::make(allowed)->allows(request);
}

TEST(OriginPolicy, AllowsTheSameHostAndPortByDefault) {
  EXPECT_TRUE(allows({}, "http://chat.example:8000", "chat.example:8000"));
  EXPECT_TRUE(allows({}, "HTTP://Chat.Example", "chat.example:80"));
  EXPECT_TRUE(allows({}, "https://chat.example", "chat.example")) << "a proxy terminates TLS";
  EXPECT_TRUE(allows({}, "http://[::1]:8000", "[::1]:8000"));
  EXPECT_FALSE(allows({}, "http://chat.example:8001", "chat.example:8000"));
  EXPECT_FALSE(allows({}, "http://evil.example:8000", "chat.example:8000"));
  EXPECT_FALSE(allows({}, "http://chat.example.evil.example:8000", "chat.example:8000"));
}

TEST(OriginPolicy, RejectsHttpPagesOnAnHttpsServer) {
  Request request;
  request.protocol = "https";
  request.headers.add("Host", "chat.example");
  request.headers.add("Origin", "http://chat.example");
  EXPECT_FALSE(OriginPolicy::make({})->allows(request));
  request.headers.set("Origin", "http://chat.example:443");
  request.headers.set("Host", "chat.example:443");
  EXPECT_FALSE(OriginPolicy::make({})->allows(request));
  request.headers.set("Origin", "https://chat.example");
  EXPECT_TRUE(OriginPolicy::make({})->allows(request));
}

TEST(OriginPolicy, RejectsTwoOrigins) {
  Request request;
  request.headers.add("Host", "chat.example");
  request.headers.add("Origin", "http://chat.example");
  request.headers.add("Origin", "http://evil.example");
  EXPECT_FALSE(OriginPolicy::make({})->allows(request));
}

TEST(OriginPolicy, AllowsRequestsWithoutAnOrigin) {
  EXPECT_TRUE(allows({}, nullptr, "chat.example"));
}

TEST(OriginPolicy, RejectsInvalidOrigins) {
  for (const char* origin : {"null",
                             "",
                             "chat.example",
                             "http://",
                             "http://u@chat.example",
                             "http://u:p@chat.example",
                             "http://@chat.example",
                             "http://chat.example/x",
                             "http://chat.example/",
                             "http://chat.example?x",
                             "http://chat.example#x",
                             "http://chat.example:0",
                             "http://chat.example:65616",
                             "http://chat.example:-80",
                             "http://chat.example, http://chat.example",
                             " http://chat.example",
                             "http://chat%2eexample",
                             "http://chat.example\\",
                             "http:chat.example",
                             "//chat.example"}) {
    EXPECT_FALSE(allows({}, origin, "chat.example")) << origin;
  }
  EXPECT_FALSE(allows({}, "http://chat.example", nullptr));
}

TEST(OriginPolicy, AllowsListedOrigins) {
  const std::vector<std::string> list = {"https://a.example", "http://b.example:81"};
  EXPECT_TRUE(allows(list, "https://a.example:443", "x"));
  EXPECT_TRUE(allows(list, "http://b.example:81", "x"));
  EXPECT_FALSE(allows(list, "http://a.example", "x")) << "another scheme is another origin";
  EXPECT_TRUE(allows(list, "http://x", "x"));
}

TEST(OriginPolicy, NormalizesAddresses) {
  EXPECT_TRUE(allows({"http://[2001:DB8:0::1]:81"}, "http://[2001:db8::1]:81", "x"));
  EXPECT_FALSE(allows({"http://[2001:db8::1]:81"}, "http://[2001:db8::2]:81", "x"));
  EXPECT_FALSE(allows({"http://[2001:db8::1]:81"}, "http://[2001:db8::1]", "x"));
  EXPECT_TRUE(allows({"http://192.0.2.1"}, "http://192.0.2.1:80", "x"));
  EXPECT_FALSE(allows({"http://192.0.2.1"}, "http://192.0.2.10", "x"));
}

TEST(OriginPolicy, MatchesWholeHostNames) {
  const std::vector<std::string> list = {"https://example.org"};
  for (const char* origin :
       {"https://example.org.evil.com", "https://evilexample.org", "https://www.example.org",
        "https://example.org@evil.com", "https://example.org:443@evil.com", "https://example.org.",
        "https://.example.org", "https://example.org:8443", "http://example.org:443", "https://example.or"}) {
    EXPECT_FALSE(allows(list, origin, "x")) << origin;
  }
  EXPECT_TRUE(allows(list, "HTTPS://EXAMPLE.ORG", "x"));
}

TEST(OriginPolicy, MatchesSubdomainsOfAWildcard) {
  const std::vector<std::string> list = {"https://*.Example.org", "http://*.localhost:8000"};
  for (const char* origin :
       {"https://a.example.org", "https://a.b.example.org", "https://A.EXAMPLE.ORG:443",
        "https://xn--bcher-kva.example.org", "https://a_b.example.org", "http://a.localhost:8000"}) {
    EXPECT_TRUE(allows(list, origin, "x")) << origin;
  }
  for (const char* origin : {"https://example.org",
                             "https://evilexample.org",
                             "https://a.example.org.evil.com",
                             "https://a.example.org.",
                             "https://.example.org",
                             "https://a..example.org",
                             "https://*.example.org",
                             "https://a%2e.example.org",
                             "https://evil.com?.example.org",
                             "https://evil.com#.example.org",
                             "https://evil.com/.example.org",
                             "https://evil.com\\.example.org",
                             "https://u@a.example.org",
                             "https://evil.com:443@a.example.org",
                             "http://a.example.org",
                             "wss://a.example.org",
                             "https://a.example.org:8443",
                             "http://a.example.org:443",
                             "http://a.localhost",
                             "http://a.localhost:80000",
                             "https://[::1].example.org",
                             "null",
                             ""}) {
    EXPECT_FALSE(allows(list, origin, "x")) << origin;
  }
}

TEST(OriginPolicy, MatchesATrailingDotOnlyIfListed) {
  EXPECT_TRUE(allows({"https://*.example.org."}, "https://a.example.org.", "x"));
  EXPECT_FALSE(allows({"https://*.example.org."}, "https://a.example.org", "x"));
}

TEST(OriginPolicy, AllowsAllOriginsForAStar) {
  EXPECT_TRUE(allows({"*"}, "http://anything.example", "x"));
  EXPECT_TRUE(allows({"*"}, "null", "x"));
}

constexpr std::array local_origins = {"null",
                                      "file://",
                                      "app://.",
                                      "app://obsidian.md",
                                      "capacitor://localhost",
                                      "ionic://localhost",
                                      "tauri://localhost",
                                      "vscode-webview://1abc-2",
                                      "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
                                      "moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"};

TEST(OriginPolicy, AllowsListedLocalOrigins) {
  for (const char* named : local_origins) {
    for (const char* origin : local_origins)
      EXPECT_EQ(allows({named}, origin, "localhost"), std::string_view(named) == origin)
          << named << ' ' << origin;
    EXPECT_FALSE(allows({named}, "https://example.org", "x"));
    EXPECT_FALSE(allows({named}, "http://localhost", "x"));
  }
}

TEST(OriginPolicy, RejectsUnlistedLocalOrigins) {
  for (const char* origin : local_origins) {
    EXPECT_FALSE(allows({}, origin, "localhost")) << origin << ": its host is not that of the server";
    EXPECT_FALSE(allows({}, origin, "")) << origin;
    EXPECT_FALSE(allows({"https://*.localhost", "http://localhost"}, origin, "localhost:80")) << origin;
  }
  EXPECT_FALSE(allows({"null"}, "null://", "x"));
  EXPECT_FALSE(allows({"app://."}, "app://a.", "x"));
}

TEST(OriginPolicy, AllowsAllOriginsOfAListedScheme) {
  EXPECT_TRUE(allows({"moz-extension://*"}, "moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "x"));
  EXPECT_FALSE(allows({"moz-extension://*"}, "chrome-extension://0f1e", "x"));
  EXPECT_FALSE(allows({"moz-extension://*"}, "https://example.org", "x"));
}

TEST(OriginPolicy, NamesInvalidEntries) {
  for (const char* entry : {"chat.example",
                            "http://a/b",
                            "",
                            "Null",
                            "null ",
                            "file:///",
                            "file:",
                            "app://a/b",
                            "app://u@a",
                            "app://a b",
                            "app://a:0",
                            "ws://*",
                            "//*",
                            "https://example.org/",
                            "https://u@example.org",
                            "https://example.org:70000",
                            "https://example.org:0",
                            "https://example..org",
                            "https://.example.org",
                            "https://exa%6dple.org",
                            "https://b\xc3\xbc"
                            "cher.example",
                            "https://127.1",
                            "https://1.2.3.256",
                            "https://[::1",
                            "https://[fe80::1%25eth0]",
                            "https://*",
                            "https://*.",
                            "https://*:443",
                            "*.example.org",
                            "*://example.org",
                            "https://**.example.org",
                            "https://*.*.example.org",
                            "https://a.*.example.org",
                            "https://*a.example.org",
                            "https://a*.example.org",
                            "https://example.*",
                            "https://*..example.org",
                            "https://*.example.org:*",
                            "https://*.example.org/x",
                            "https://u@*.example.org",
                            "https://*.192.0.2.1",
                            "https://*.[::1]",
                            "https://*.example.org https://*.example.com"}) {
    const auto policy = OriginPolicy::make({entry});
    ASSERT_FALSE(policy) << entry;
    EXPECT_NE(policy.error().message.find("'" + std::string(entry) + "'"), std::string::npos);
  }
}

TEST(OriginPolicy, ListsSourcesForContentSecurityPolicy) {
  const auto sources = [](const std::vector<std::string>& allowed) {
    return OriginPolicy::make(allowed).value().policy_sources();
  };
  EXPECT_EQ(sources({}), "'self'");
  EXPECT_EQ(sources({"https://example.org", "http://localhost:3000"}),
            "'self' https://example.org:443 http://localhost:3000");
  EXPECT_EQ(sources({"https://*.example.org:8443"}), "'self' https://*.example.org:8443");
  EXPECT_EQ(sources({"*"}), "'self' *");
  EXPECT_EQ(sources({"app://.", "file://", "moz-extension://*"}), "'self' app: file: moz-extension:");
  EXPECT_EQ(sources({"null", "http://[::1]:3000"}), "'self'") << "a policy cannot express them";
}

}  // namespace
}  // namespace coroom::detail::auth
