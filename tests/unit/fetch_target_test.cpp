#include "http/fetch_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::http {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string error_of(const std::string& url) {
  const auto target = parse_fetch_target(url);
  return target ? "no error" : target.error().message;
}

TEST(FetchTarget, HasThePartsOfTheUrl) {
  const auto target = parse_fetch_target("https://id.example.org/a%20b/keys?tenant=1");
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_TRUE(target->secure);
  EXPECT_EQ(target->host, "id.example.org");
  EXPECT_EQ(target->port, "443");
  EXPECT_EQ(target->authority, "id.example.org");
  EXPECT_EQ(target->path, "/a%20b/keys?tenant=1");
  EXPECT_EQ(target->name, "https://id.example.org/a%20b/keys") << "without the query";
  const auto other_port = parse_fetch_target("https://[2001:db8::1]:8443");
  EXPECT_EQ(other_port->host, "2001:db8::1");
  EXPECT_EQ(other_port->port, "8443");
  EXPECT_EQ(other_port->authority, "[2001:db8::1]:8443");
  EXPECT_EQ(other_port->path, "/");
}

TEST(FetchTarget, AllowsHttpOnThisMachineOnly) {
  for (const char* url : {"http://127.0.0.1:80/keys", "http://localhost/keys", "http://[::1]:8080/keys"}) {
    const auto target = parse_fetch_target(url);
    ASSERT_TRUE(target) << url;
    EXPECT_FALSE(target->secure);
  }
  for (const char* url : {"http://id.example.org/keys", "http://192.0.2.1/keys",
                          "http://localhost.example.org/", "http://0.0.0.0/keys", "http://10.0.0.1/"})
    EXPECT_THAT(error_of(url), HasSubstr("must begin with https://")) << url;
}

TEST(FetchTarget, RejectsOtherTexts) {
  EXPECT_THAT(error_of("ftp://localhost/keys"), HasSubstr("https://"));
  EXPECT_THAT(error_of("file:///etc/passwd"), HasSubstr("https://"));
  EXPECT_THAT(error_of("id.example.org/keys"), HasSubstr("is not a URL"));
  EXPECT_THAT(error_of("https://"), HasSubstr("no host"));
  EXPECT_THAT(error_of("https://localhost:0/"), HasSubstr("port"));
  EXPECT_THAT(error_of("https://localhost:65536/"), HasSubstr("port"));
  EXPECT_THAT(error_of("https://localhost/#a"), HasSubstr("fragment"));
  EXPECT_THAT(error_of("https://localhost/ a"), HasSubstr("space"));
  EXPECT_THAT(error_of("https://localhost/\r\nHost: x"), HasSubstr("control"));
}

TEST(FetchTarget, ShowsNoSecretsInErrors) {
  EXPECT_THAT(error_of("http://id.example.org/keys?password=1"), Not(HasSubstr("password")));
  EXPECT_THAT(error_of("https://ann:password@id.example.org/"), Not(HasSubstr("password")));
}

}  // namespace
}  // namespace coroom::detail::http
