#include "auth/guest_tokens.hpp"

#include "auth/jwt_verifier.hpp"
#include "support/settable_clock.hpp"
#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace coroom::detail::auth {
namespace {
using namespace std::chrono_literals;

using test::SigningKey;

const std::string guest_secret = "the server's own secret, 32 bytes";
const std::string issuer_secret = "a secret of thirty-two bytes or so";

/// Guest tokens at second 1000, beside the tokens of an issuer.
class GuestTokensTest : public testing::Test {
 protected:
  GuestTokensTest() { clock_.advance(1000s); }

  [[nodiscard]] JwtVerifier verifier(std::string audience = "", std::string issuer = "") const {
    return JwtVerifier(
        {{hmac_key("", issuer_secret).value(), guests_.key()}, std::move(audience), std::move(issuer), 5s},
        clock_);
  }

  test::SettableClock clock_;
  GuestTokens guests_{guest_secret, "", "", clock_};
};

TEST_F(GuestTokensTest, IdentifiesAGuestFor24Hours) {
  const std::string user = GuestTokens::new_user();
  EXPECT_TRUE(user.starts_with("guest:"));
  EXPECT_NE(user, GuestTokens::new_user());
  const std::string token = guests_.make(user, "An\"n 茶");
  const auto verified = verifier().connection(token);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->user, user);
  EXPECT_EQ(verified->info, R"({"name":"An\"n 茶"})");
  EXPECT_EQ(verified->left, 24h);
  EXPECT_EQ(verified->trace.issued, Clock::TimePoint(1000s));
  EXPECT_TRUE(verified->guest);
  clock_.advance(24h + 5s);
  EXPECT_EQ(verifier().connection(token).error(), TokenFault::expired);
}

TEST_F(GuestTokensTest, RejectsSubscriptionTokens) {
  const SigningKey key = SigningKey::secret(guest_secret);
  const std::string token = key.token("HS256", R"({"sub":"guest:1","channel":"tea"})", "guest");
  EXPECT_FALSE(verifier().subscription(token));
  EXPECT_FALSE(verifier().connection(token));
}

TEST_F(GuestTokensTest, FindsTheOwnerOfAnExpiredToken) {
  const std::string token = guests_.make("guest:1", "Ann");
  clock_.advance(1000h);
  const auto owner = guests_.owner(token);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->user, "guest:1");
  EXPECT_EQ(owner->trace.issued, Clock::TimePoint(1000s));
}

TEST_F(GuestTokensTest, RejectsTokensOfAnotherServer) {
  const std::string token = GuestTokens(GuestTokens::new_secret(), "", "", clock_).make("guest:1", "Ann");
  EXPECT_FALSE(guests_.owner(token));
  EXPECT_FALSE(verifier().connection(token));
}

TEST_F(GuestTokensTest, RejectsTokensOfAnotherKey) {
  const SigningKey key = SigningKey::secret(issuer_secret);
  for (const char* kid : {"", "guest", "other"}) {
    for (const char* claims : {R"({"sub":"42"})", R"({"sub":"guest:1"})"})
      EXPECT_FALSE(guests_.owner(key.token("HS256", claims, kid))) << kid << claims;
  }
  const auto named = verifier().connection(key.token("HS256", R"({"sub":"guest:1"})"));
  ASSERT_TRUE(named) << "an issuer may name guests too";
  EXPECT_FALSE(named->guest);
  EXPECT_FALSE(verifier().connection(key.token("HS256", R"({"sub":"guest:1"})", "guest")));
}

TEST_F(GuestTokensTest, RejectsUsersThatAreNotGuests) {
  const SigningKey key = SigningKey::secret(guest_secret);
  for (const char* claims :
       {R"({"sub":"42"})", R"({"sub":""})", "{}", R"({"sub":"Guest:1"})", R"({"sub":"guest"})"}) {
    EXPECT_FALSE(verifier().connection(key.token("HS256", claims, "guest"))) << claims;
    EXPECT_FALSE(guests_.owner(key.token("HS256", claims, "guest"))) << claims;
  }
  EXPECT_TRUE(verifier().connection(key.token("HS256", R"({"sub":"guest:1"})", "guest")));
  EXPECT_FALSE(verifier().connection(key.token("HS256", R"({"sub":"guest:1"})")))
      << "the kid identifies a guest token";
}

TEST_F(GuestTokensTest, HasTheConfiguredAudienceAndIssuer) {
  const GuestTokens guests(guest_secret, "chat", "https://example.org", clock_);
  const std::string token = guests.make("guest:1", "Ann");
  EXPECT_TRUE(verifier("chat", "https://example.org").connection(token));
  EXPECT_FALSE(verifier("other", "https://example.org").connection(token));
  EXPECT_FALSE(verifier("chat", "https://example.com").connection(token));
  EXPECT_TRUE(guests.owner(token));
}

TEST_F(GuestTokensTest, RejectsChangedTokens) {
  std::string token = guests_.make("guest:1", "Ann");
  EXPECT_FALSE(guests_.owner(""));
  EXPECT_FALSE(guests_.owner("x.y.z"));
  EXPECT_FALSE(guests_.owner(token.substr(0, token.rfind('.') + 1)));
  char& letter = token[token.find('.') + 5];
  letter = letter == 'A' ? 'B' : 'A';
  EXPECT_FALSE(guests_.owner(token));
}

TEST_F(GuestTokensTest, MakesLongDistinctSecrets) {
  EXPECT_GE(GuestTokens::new_secret().size(), 32);
  EXPECT_NE(GuestTokens::new_secret(), GuestTokens::new_secret());
}

}  // namespace
}  // namespace coroom::detail::auth
