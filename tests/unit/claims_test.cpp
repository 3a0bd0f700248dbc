#include "auth/claims.hpp"

#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::detail::auth {
namespace {

/// Returns the user, or the detail of the fault.
std::string user_of(std::string_view claims, std::string_view user_claim) {
  const auto read = read_claims(claims, user_claim);
  return read ? read->user : read.error().detail;
}

TEST(Claims, HaveTheUserInTheGivenClaim) {
  EXPECT_EQ(user_of(R"({"sub":"1","uid":"2"})", "uid"), "2");
  EXPECT_EQ(user_of(R"({"sub":"1","uid":"2"})", "sub"), "1");
  EXPECT_EQ(user_of(R"({"sub":7,"uid":"2"})", "uid"), "2") << "sub has no meaning then";
  EXPECT_EQ(user_of(R"({"sub":"1"})", "uid"), "");
  EXPECT_EQ(user_of(R"({"uid":null})", "uid"), "");
}

TEST(Claims, TakeIntegersAsUsersOfOtherClaims) {
  EXPECT_EQ(user_of(R"({"uid":42})", "uid"), "42");
  EXPECT_EQ(user_of(R"({"uid":-1})", "uid"), "-1");
  EXPECT_EQ(user_of(R"({"uid":18446744073709551615})", "uid"), "18446744073709551615");
  for (const char* wrong : {"42.0", "4e2", "18446744073709551616", "true", "[1]", "{}"})
    EXPECT_EQ(user_of(R"({"uid":)" + std::string(wrong) + "}", "uid"), "uid is not a string or integer")
        << wrong;
  EXPECT_EQ(user_of(R"({"sub":42})", "sub"), "sub is not a string");
}

TEST(Claims, HaveMetaOfAnObject) {
  EXPECT_EQ(read_claims(R"({"meta":{"a" : [1]}})")->meta, R"({"a":[1]})");
  EXPECT_EQ(read_claims(R"({"meta":{}})")->meta, "{}");
  EXPECT_EQ(read_claims(R"({"meta":null})")->meta, "");
  for (const char* wrong : {"7", "[]", R"("{}")", "true"}) {
    const auto read = read_claims(R"({"meta":)" + std::string(wrong) + "}");
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().cause, TokenCause::claim_type);
    EXPECT_EQ(read.error().detail, "meta is not a JSON object");
  }
}

TEST(Claims, HaveInfoInBase64) {
  EXPECT_EQ(read_claims(R"({"b64info":")" + test::base64(R"({"name":"Ann"})") + "\"}")->info,
            R"({"name":"Ann"})");
  EXPECT_EQ(read_claims(R"({"b64info":"%"})").error().detail, "b64info is not base64");
}

}  // namespace
}  // namespace coroom::detail::auth
