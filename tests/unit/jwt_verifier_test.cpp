#include "auth/jwt_verifier.hpp"

#include "support/settable_clock.hpp"
#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {
namespace {
using namespace std::chrono_literals;

using test::base64url;
using test::SigningKey;

const SigningKey secret = SigningKey::secret("a secret of thirty-two bytes or so");
const SigningKey other_secret = SigningKey::secret("another secret of thirty-two bytes");

const SigningKey& rsa() {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

TokenKey key_of(const SigningKey& key, const std::string& kid = "") {
  const std::string material = key.public_part();
  return (material.starts_with("-----") ? public_key(kid, material) : hmac_key(kid, material)).value();
}

/// A verifier at second 1000.
class Verifier {
 public:
  explicit Verifier(std::vector<TokenKey> keys, std::string audience = "", std::string issuer = "",
                    std::chrono::milliseconds leeway = 0ms)
      : verifier_({std::move(keys), std::move(audience), std::move(issuer), leeway}, clock_) {
    clock_.advance(1000s);
  }

  /// Returns the user of a connection token, or the kind of the fault.
  [[nodiscard]] std::string connection(std::string_view token) const {
    const auto verified = verifier_.connection(token);
    return verified ? verified->user : fault(verified.error());
  }

  [[nodiscard]] std::string subscription(std::string_view token) const {
    const auto verified = verifier_.subscription(token);
    return verified ? verified->user + '@' + verified->channel : fault(verified.error());
  }

  [[nodiscard]] const JwtVerifier& operator*() const { return verifier_; }

 private:
  static std::string fault(const TokenFault& fault) { return fault.is_about_time() ? "expired" : "invalid"; }

  test::SettableClock clock_;
  JwtVerifier verifier_;
};

std::string user_of(std::string_view claims) {
  return Verifier({key_of(secret)}).connection(secret.token("HS256", claims));
}

struct SigningAlgorithm {
  const char* name;
  SigningKey key;
};

const std::vector<SigningAlgorithm>& algorithms() {
  static const std::vector<SigningAlgorithm> all{
      {"HS256", secret},
      {"HS384", secret},
      {"HS512", secret},
      {"RS256", rsa()},
      {"RS384", rsa()},
      {"RS512", rsa()},
      {"ES256", SigningKey::ec("P-256")},
      {"ES384", SigningKey::ec("P-384")},
      {"ES512", SigningKey::ec("P-521")},
      {"EdDSA", SigningKey::ed25519()},
  };
  return all;
}

TEST(JwtVerifier, AcceptsEveryAlgorithm) {
  for (const auto& [name, key] : algorithms()) {
    const Verifier verifier({key_of(key)});
    EXPECT_EQ(verifier.connection(key.token(name, R"({"sub":"42"})")), "42") << name;
    EXPECT_EQ(verifier.subscription(key.token(name, R"({"sub":"42","channel":"tea"})")), "42@tea") << name;
  }
}

TEST(JwtVerifier, RejectsTokensOfAnotherKey) {
  for (const auto& [name, key] : algorithms()) {
    for (const auto& [other_name, other] : algorithms()) {
      const bool right = key.public_part() == other.public_part();
      const std::string result = Verifier({key_of(other)}).connection(key.token(name, R"({"sub":"42"})"));
      EXPECT_EQ(result, right ? "42" : "invalid") << name << " by a key for " << other_name;
    }
  }
  EXPECT_EQ(Verifier({key_of(other_secret)}).connection(secret.token("HS256", "{}")), "invalid");
  EXPECT_EQ(Verifier({}).connection(secret.token("HS256", "{}")), "invalid");
}

TEST(JwtVerifier, RejectsUnsignedTokens) {
  const Verifier verifier({key_of(secret), key_of(rsa())});
  const std::string claims = base64url(R"({"sub":"42"})");
  for (const char* algorithm : {"none", "None", "NONE", "nOnE", "", "HS256", "RS256"}) {
    const std::string head =
        base64url(R"({"typ":"JWT","alg":")" + std::string(algorithm) + "\"}") + '.' + claims;
    for (const char* signature : {"", ".", ".AA", ".AAAA", ".."})
      EXPECT_EQ(verifier.connection(head + signature), "invalid") << algorithm << signature;
  }
  const std::string signed_anyway = secret.sign("HS256", R"({"alg":"none"})", R"({"sub":"42"})");
  EXPECT_EQ(verifier.connection(signed_anyway), "invalid");
}

TEST(JwtVerifier, RejectsAPublicKeyUsedAsASecret) {
  const std::string pem = rsa().public_part();
  const SigningKey forger = SigningKey::secret(pem);
  const SigningKey forger_of_lines = SigningKey::secret(pem.substr(0, pem.size() - 1));
  const Verifier verifier({key_of(rsa())});
  for (const char* algorithm : {"HS256", "HS384", "HS512"}) {
    EXPECT_EQ(verifier.connection(forger.token(algorithm, R"({"sub":"42"})")), "invalid");
    EXPECT_EQ(verifier.connection(forger_of_lines.token(algorithm, R"({"sub":"42"})")), "invalid");
    const std::string as_rsa = forger.sign(algorithm, R"({"alg":"RS256"})", R"({"sub":"42"})");
    EXPECT_EQ(verifier.connection(as_rsa), "invalid");
  }
}

TEST(JwtVerifier, UsesTheKeyNamedByKid) {
  const Verifier named({key_of(secret, "one"), key_of(other_secret, "two")});
  EXPECT_EQ(named.connection(secret.token("HS256", R"({"sub":"1"})", "one")), "1");
  EXPECT_EQ(named.connection(other_secret.token("HS256", R"({"sub":"2"})", "two")), "2");
  EXPECT_EQ(named.connection(secret.token("HS256", R"({"sub":"1"})", "two")), "invalid");
  EXPECT_EQ(named.connection(secret.token("HS256", R"({"sub":"1"})", "three")), "invalid");
  EXPECT_EQ(named.connection(secret.token("HS256", R"({"sub":"1"})")), "invalid") << "the token names no key";

  const Verifier mixed({key_of(secret), key_of(other_secret), key_of(rsa(), "rsa")});
  EXPECT_EQ(mixed.connection(secret.token("HS256", R"({"sub":"1"})", "any")), "1");
  EXPECT_EQ(mixed.connection(other_secret.token("HS512", R"({"sub":"1"})")), "1") << "one of several";
  EXPECT_EQ(mixed.connection(rsa().token("RS256", R"({"sub":"1"})", "rsa")), "1");
  EXPECT_EQ(mixed.connection(secret.token("HS256", R"({"sub":"1"})", "rsa")), "invalid");
}

TEST(JwtVerifier, ChecksExpiryAndNotBefore) {
  EXPECT_EQ(user_of(R"({"sub":"1","exp":1001})"), "1");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":1000.5})"), "1");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":1000})"), "expired");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":999.9})"), "expired");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":0})"), "expired");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":-5})"), "expired");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":1e300})"), "1");
  EXPECT_EQ(user_of(R"({"sub":"1","exp":18446744073709551615})"), "1");
  EXPECT_EQ(user_of(R"({"sub":"1","nbf":1000})"), "1");
  EXPECT_EQ(user_of(R"({"sub":"1","nbf":1000.1})"), "expired") << "the token may become valid later";
  EXPECT_EQ(user_of(R"({"sub":"1","nbf":-1,"iat":5000,"jti":"x"})"), "1");
}

TEST(JwtVerifier, ReportsTheRemainingTime) {
  const Verifier verifier({key_of(secret)});
  const auto left = [&](std::string_view claims) {
    return (*verifier).connection(secret.token("HS256", claims))->left;
  };
  EXPECT_EQ(left("{}"), std::nullopt);
  EXPECT_EQ(left(R"({"exp":1060})"), 60s);
  EXPECT_EQ(left(R"({"exp":1060,"expire_at":1300})"), 300s);
  EXPECT_EQ(left(R"({"exp":1060,"expire_at":0})"), std::nullopt);
  EXPECT_EQ(left(R"({"exp":1060,"expire_at":0.0})"), std::nullopt);
  EXPECT_EQ(left(R"({"expire_at":1000.25})"), 250ms);
  for (const char* past : {"0.0004", "0.000000000001", "-0.0004", "0.001", "-1"})
    EXPECT_EQ(user_of(R"({"exp":1060,"expire_at":)" + std::string(past) + "}"), "expired") << past;
  EXPECT_EQ(user_of(R"({"exp":1060,"expire_at":900})"), "expired");
  EXPECT_EQ(user_of(R"({"exp":900,"expire_at":1060})"), "expired") << "expire_at does not extend the token";
}

TEST(JwtVerifier, ChecksAudienceAndIssuer) {
  const Verifier verifier({key_of(secret)}, "chat", "us");
  const auto verify = [&](std::string_view claims) {
    return verifier.connection(secret.token("HS256", claims));
  };
  EXPECT_EQ(verify(R"({"sub":"1","aud":"chat","iss":"us"})"), "1");
  EXPECT_EQ(verify(R"({"sub":"1","aud":["mail","chat"],"iss":"us"})"), "1");
  EXPECT_EQ(verify(R"({"sub":"1","aud":["mail"],"iss":"us"})"), "invalid");
  EXPECT_EQ(verify(R"({"sub":"1","aud":"chat "})"), "invalid");
  EXPECT_EQ(verify(R"({"sub":"1","iss":"us"})"), "invalid");
  EXPECT_EQ(verify(R"({"sub":"1","aud":"chat","iss":"them"})"), "invalid");
  EXPECT_EQ(user_of(R"({"sub":"1","aud":"any","iss":"any"})"), "1") << "neither is required";
}

TEST(JwtVerifier, ReadsUserInfoAndChannel) {
  const Verifier verifier({key_of(secret)});
  const auto connection =
      (*verifier).connection(secret.token("HS256", R"({"sub":"42","info":{"name" : "Bo","n":[1]}})"));
  EXPECT_EQ(connection->user, "42");
  EXPECT_EQ(connection->info, R"({"name":"Bo","n":[1]})");
  EXPECT_EQ((*verifier).connection(secret.token("HS256", R"({"info":null})"))->info, "");
  const auto subscription = (*verifier).subscription(
      secret.token("HS256", R"({"sub":"42","channel":"tea","client":"c","info":7,"exp":1001})"));
  EXPECT_EQ(subscription->channel, "tea");
  EXPECT_EQ(subscription->client, "c");
  EXPECT_EQ(subscription->info, "7");
  EXPECT_EQ(subscription->left, 1s);
}

TEST(JwtVerifier, ReadsIdAndIssueTime) {
  const Verifier verifier({key_of(secret)});
  const auto named = (*verifier).connection(secret.token("HS256", R"({"sub":"1","jti":"a","iat":990})"));
  ASSERT_TRUE(named);
  EXPECT_EQ(named->trace.id, "a");
  EXPECT_EQ(named->trace.issued, Clock::TimePoint(990s));
  const auto nameless = (*verifier).connection(secret.token("HS256", R"({"sub":"1"})"));
  ASSERT_TRUE(nameless);
  EXPECT_EQ(nameless->trace.id, "");
  EXPECT_EQ(nameless->trace.issued, std::nullopt);
  const auto subscription =
      (*verifier).subscription(secret.token("HS256", R"({"sub":"1","channel":"tea","jti":"b","iat":1})"));
  ASSERT_TRUE(subscription);
  EXPECT_EQ(subscription->trace.id, "b");
}

TEST(JwtVerifier, SeparatesConnectionsFromSubscriptions) {
  const Verifier verifier({key_of(secret)});
  EXPECT_EQ(verifier.connection(secret.token("HS256", R"({"sub":"1","channel":"tea"})")), "invalid");
  EXPECT_EQ(verifier.connection(secret.token("HS256", R"({"sub":"1","channel":""})")), "invalid");
  EXPECT_EQ(verifier.subscription(secret.token("HS256", R"({"sub":"1"})")), "invalid");
}

TEST(JwtVerifier, RejectsClaimsOfTheWrongType) {
  for (const char* claims : {"",
                             "1",
                             "[]",
                             "null",
                             "\"sub\"",
                             "{",
                             R"({"sub":1})",
                             R"({"sub":["1"]})",
                             R"({"exp":"1001"})",
                             R"({"exp":true})",
                             R"({"nbf":{}})",
                             R"({"iat":"now"})",
                             R"({"jti":7})",
                             R"({"expire_at":"never"})",
                             R"({"exp":null})",
                             R"({"nbf":null})",
                             R"({"iat":null})",
                             R"({"expire_at":null})",
                             R"({"exp":1001,"expire_at":null})",
                             R"({"aud":7})",
                             R"({"aud":["a",7]})",
                             R"({"iss":[]})",
                             R"({"channel":1})",
                             R"({"client":1})",
                             "{\"sub\":\"\xff\"}",
                             R"({"sub":"1"} x)"})
    EXPECT_EQ(user_of(claims), "invalid") << claims;
}

TEST(JwtVerifier, RejectsInvalidHeaders) {
  const Verifier verifier({key_of(secret)});
  for (const char* header :
       {"", "1", "[]", "{}", "null", R"("HS256")", R"(["alg"])", R"({"alg":7})", R"({"alg":["HS256"]})",
        R"({"alg":null})", R"({"alg":"hs256"})", R"({"alg":"HS257"})", R"({"alg":"HS256 "})",
        R"({"alg":"HS256","kid":7})", R"({"alg":"HS256","typ":7})", R"({"alg":"HS256","crit":["exp"]})",
        R"({"alg":"none","alg":"HS256")", "{\"alg\":\"HS256\",\"kid\":\"\xff\"}"})
    EXPECT_EQ(verifier.connection(secret.sign("HS256", header, R"({"sub":"1"})")), "invalid") << header;
  EXPECT_EQ(verifier.connection(secret.sign("HS256", R"({"alg":"HS256"})", R"({"sub":"1"})")), "1");
}

/// Returns the cause of a rejection as the log shows it, or "none".
std::string cause_of(const Verifier& verifier, std::string_view token) {
  const auto verified = (*verifier).connection(token);
  if (verified) return "none";
  const std::string name = token_cause_names.at(static_cast<std::size_t>(verified.error().cause));
  return verified.error().detail.empty() ? name : name + ": " + verified.error().detail;
}

TEST(JwtVerifier, ReportsTheCauseOfARejection) {
  const Verifier verifier({key_of(secret), key_of(rsa(), "one")}, "", "us");
  const auto cause = [&](std::string_view claims) {
    return cause_of(verifier, secret.token("HS256", claims));
  };
  EXPECT_EQ(cause(R"({"iss":"us"})"), "none");
  EXPECT_EQ(cause(R"({"iss":"them"})"), "issuer");
  EXPECT_EQ(cause(R"({"iss":"us","sub":42})"), "claim_type: sub is not a string");
  EXPECT_EQ(cause(R"({"iss":"us","exp":"2000"})"), "claim_type: exp is not a number");
  EXPECT_EQ(cause(R"({"iss":"us","exp":900})"), "expired");
  EXPECT_EQ(cause(R"({"iss":"us","nbf":1001})"), "not_yet_valid");
  EXPECT_EQ(cause(R"({"iss":"us","channel":"tea"})"),
            "wrong_kind: a token with a channel is a subscription token");
  EXPECT_EQ(cause("[]"), "malformed: the claims are not a JSON object");
  EXPECT_EQ(cause_of(verifier, other_secret.token("HS256", R"({"iss":"us"})")), "signature");
  EXPECT_EQ(cause_of(verifier, secret.sign("HS256", R"({"alg":"RS256"})", "{}")),
            "unknown_key: there is no key for RS256");
  EXPECT_EQ(cause_of(verifier, secret.sign("HS256", R"({"alg":"ES256","kid":"one"})", "{}")),
            "unknown_key: there is no key for ES256 with this kid");
  EXPECT_EQ(cause_of(verifier, secret.sign("HS256", R"({"alg":"none"})", "{}")),
            "unknown_key: alg is not supported");
  EXPECT_EQ(cause_of(verifier, "x").substr(0, 9), "malformed");
  EXPECT_EQ(cause_of(Verifier({key_of(secret)}, "chat"), secret.token("HS256", "{}")), "audience");
}

TEST(JwtVerifier, ChecksClaimsBeforeTheSignature) {
  const Verifier verifier({key_of(secret)}, "chat", "us");
  for (const char* claims :
       {R"({"aud":"chat","iss":"them"})", R"({"aud":"mail","iss":"us"})",
        R"({"aud":"chat","iss":"us","sub":7})", R"({"aud":"chat","iss":"us","channel":"tea"})"})
    EXPECT_EQ(cause_of(verifier, other_secret.token("HS256", claims)),
              cause_of(verifier, secret.token("HS256", claims)));
  // The times of a token are checked after its signature, so that a forger does not learn them.
  EXPECT_EQ(cause_of(verifier, other_secret.token("HS256", R"({"aud":"chat","iss":"us","exp":900})")),
            "signature");
}

TEST(JwtVerifier, ReturnsServerSubscriptionsAndMeta) {
  const Verifier verifier({key_of(secret)});
  const auto connection = (*verifier).connection(secret.token(
      "HS256",
      R"({"sub":"42","meta":{"plan":1},"subs":{"news":{"info":1,"override":{"presence":{"value":false}}}}})"));
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->meta, R"({"plan":1})");
  ASSERT_EQ(connection->subscriptions.size(), 1);
  EXPECT_EQ(connection->subscriptions.at("news"),
            (ServerSubscription{.info = "1", .overrides = {.presence = false}}));
  const auto subscription = (*verifier).subscription(secret.token(
      "HS256", R"({"sub":"42","channel":"tea","data":7,"override":{"join_leave":{"value":true}}})"));
  ASSERT_TRUE(subscription);
  EXPECT_EQ(subscription->data, "7");
  EXPECT_EQ(subscription->overrides, SubscriptionOverrides{.join_leave = true});
}

TEST(JwtVerifier, TakesTheUserOfAnotherClaim) {
  const test::SettableClock clock;
  TokenKey guests = hmac_key(std::string(guest_kid), other_secret.public_part()).value();
  guests.is_for_guests = true;
  const JwtVerifier verifier({.keys = {key_of(secret), guests}, .user_claim = "uid"}, clock);
  EXPECT_EQ(verifier.connection(secret.token("HS256", R"({"sub":"1","uid":42})"))->user, "42");
  const std::string tea = secret.token("HS256", R"({"sub":"1","uid":"42","channel":"tea"})");
  EXPECT_EQ(verifier.subscription(tea)->user, "42");
  const std::string guest = other_secret.token("HS256", R"({"sub":"guest:1","uid":"42"})", guest_kid);
  EXPECT_EQ(verifier.connection(guest)->user, "guest:1") << "the server's own tokens have sub";
}

TEST(JwtVerifier, ToleratesSmallClockDifferences) {
  const Verifier verifier({key_of(secret)}, "", "", 5s);
  const auto verify = [&](std::string_view claims) {
    return verifier.connection(secret.token("HS256", claims));
  };
  EXPECT_EQ(verify(R"({"sub":"1","nbf":1005,"iat":1005})"), "1");
  EXPECT_EQ(verify(R"({"sub":"1","nbf":1005.1})"), "expired");
  EXPECT_EQ(verify(R"({"sub":"1","exp":995.1})"), "1");
  EXPECT_EQ(verify(R"({"sub":"1","exp":995})"), "expired");
  EXPECT_EQ(verify(R"({"sub":"1","expire_at":995.1})"), "1");
  EXPECT_EQ(verify(R"({"sub":"1","expire_at":995})"), "expired");
  const auto left = [&](std::string_view claims) {
    return (*verifier).connection(secret.token("HS256", claims))->left;
  };
  EXPECT_EQ(left(R"({"exp":1060})"), 60s);
  EXPECT_EQ(left(R"({"exp":998})"), 3s) << "the leeway extends the remaining time";
  EXPECT_EQ(TokenSettings().leeway, 5s);
}

TEST(JwtVerifier, AcceptsOnlyTypesOfAccessTokens) {
  const Verifier verifier({key_of(secret)});
  const auto verify = [&](const std::string& type) {
    return verifier.connection(
        secret.sign("HS256", R"({"alg":"HS256","typ":")" + type + "\"}", R"({"sub":"1"})"));
  };
  for (const char* type : {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/jwt", ""})
    EXPECT_EQ(verify(type), "1") << type;
  for (const char* type : {"dpop+jwt", "logout+jwt", "JOSE", "text/jwt", "JWT "})
    EXPECT_EQ(verify(type), "invalid") << type;
}

TEST(JwtVerifier, ChargesMoreForPublicKeys) {
  EXPECT_EQ((*Verifier({key_of(secret)})).cost(), 0);
  const Verifier costly({key_of(secret), key_of(rsa())});
  EXPECT_EQ((*costly).cost(), 10);
  const auto price = [&](const TokenFault& fault) { return (*costly).cost_of(&fault); };
  EXPECT_EQ((*costly).cost_of(nullptr), 10);
  EXPECT_EQ(price(TokenCause::expired), 10);
  EXPECT_EQ(price(TokenCause::signature), 100);
  EXPECT_EQ(price(TokenCause::audience), 0);
}

TEST(JwtVerifier, RejectsChangedTokens) {
  for (const auto& [name, key] : algorithms()) {
    const Verifier verifier({key_of(key)});
    const std::string token = key.token(name, R"({"sub":"42","admin":false})");
    // The last character may contain unused bits.
    for (std::size_t at = 0; at + 1 < token.size(); ++at) {
      for (const char letter : {'A', '.', '=', '\xe4', '\0'}) {
        if (token[at] == letter) continue;
        std::string changed = token;
        changed[at] = letter;
        EXPECT_EQ(verifier.connection(changed), "invalid") << name << ' ' << at;
      }
    }
    for (const std::string& changed : {token + 'A', token + "AAAA", token + '=', token + ".", "." + token,
                                       token + " ", " " + token, token + '\0'})
      EXPECT_EQ(verifier.connection(changed), "invalid") << name << ' ' << changed;
    for (std::size_t size = 0; size + 1 < token.size(); ++size)
      EXPECT_EQ(verifier.connection(token.substr(0, size)), "invalid") << name << ' ' << size;
  }
}

TEST(JwtVerifier, RejectsGarbage) {
  const Verifier verifier({key_of(secret), key_of(rsa()), key_of(algorithms()[6].key)});
  for (const std::string& garbage :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("a.b.c"),
        std::string("\xff.\xfe.\xfd"), std::string(3, '\0'), std::string(100'000, '.'),
        std::string(1'000'000, 'A'), std::string("AAAA.") + std::string(1'000'000, 'A') + ".AAAA"})
    EXPECT_EQ(verifier.connection(garbage), "invalid") << garbage.substr(0, 20);
  std::mt19937 random(7);
  const std::string head = base64url(R"({"alg":"ES256"})") + '.';
  for (int round = 0; round != 2000; ++round) {
    std::string bytes(random() % 150, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(verifier.connection(bytes), "invalid");
    EXPECT_EQ(verifier.connection(head + base64url(bytes) + '.' + base64url(bytes)), "invalid");
    EXPECT_EQ(verifier.connection(base64url(bytes) + '.' + base64url(bytes) + ".AAAA"), "invalid");
  }
}

TEST(JwtVerifier, LimitsLengthAndDepth) {
  const auto with_info = [](std::size_t size) {
    return user_of(R"({"sub":"1","info":")" + std::string(size, 'x') + "\"}");
  };
  EXPECT_EQ(with_info(10'000), "1");
  EXPECT_EQ(with_info(20'000), "invalid");
  const Verifier verifier({key_of(secret)});
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  for (const std::size_t depth : std::vector<std::size_t>{100, 700, 5000, 100'000}) {
    EXPECT_EQ(user_of(R"({"sub":"1","info":)" + nested(depth) + "}"), "invalid") << depth;
    const std::string header = R"({"alg":"HS256","x":)" + nested(depth) + "}";
    const std::string result = verifier.connection(secret.sign("HS256", header, R"({"sub":"1"})"));
    EXPECT_EQ(result, depth <= 700 ? "1" : "invalid") << depth;
  }
}

}  // namespace
}  // namespace coroom::detail::auth
