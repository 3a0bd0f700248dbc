#include "auth/key_set.hpp"

#include "auth/signed_token.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coroom::detail::auth {
namespace {

using test::SigningKey;
using testing::HasSubstr;

const SigningKey& rsa() {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

const SigningKey& p256() {
  static const SigningKey key = SigningKey::ec("P-256");
  return key;
}

const SigningKey& edwards() {
  static const SigningKey key = SigningKey::ed25519();
  return key;
}

std::string set_of(const std::vector<std::string>& keys) {
  std::string listed;
  for (const std::string& key : keys) listed.append(listed.empty() ? "" : ",").append(key);
  return R"({"keys":[)" + listed + "]}";
}

/// Returns whether the set has this one usable key.
bool accepts(const std::string& key) {
  const auto set = parse_key_set(set_of({key}));
  EXPECT_TRUE(set || set.error().message.find("no key that verifies") != std::string::npos);
  return set.has_value();
}

std::string error_of(const std::string& document) {
  const auto set = parse_key_set(document);
  return set ? "no error" : set.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(KeySet, VerifiesTokensOfEveryKind) {
  const std::vector<std::pair<std::string, SigningKey>> issuers{{"RS256", rsa()},
                                                                {"RS512", rsa()},
                                                                {"ES256", p256()},
                                                                {"ES384", SigningKey::ec("P-384")},
                                                                {"ES512", SigningKey::ec("P-521")},
                                                                {"EdDSA", edwards()}};
  std::vector<std::string> keys;
  keys.reserve(issuers.size());
  for (const auto& [name, key] : issuers) keys.push_back(key.json_web_key(name, R"("use":"sig")"));
  const auto set = parse_key_set(set_of(keys));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->keys.size(), issuers.size());
  EXPECT_EQ(set->skipped, 0);
  for (const auto& [name, key] : issuers) {
    const std::string token = key.token(name, "{}", name);
    auto read = SignedToken::read(token);
    ASSERT_TRUE(read) << name;
    ASSERT_EQ(read->choose_keys({}, set->keys), SignedToken::Match::named) << name;
    EXPECT_TRUE(read->is_signed()) << name;
  }
}

TEST(KeySet, RestrictsAKeyToItsAlgorithm) {
  const auto set = parse_key_set(set_of({rsa().json_web_key("a", R"("alg":"RS384")")}));
  ASSERT_TRUE(set);
  const auto match = [&](const std::string& algorithm) {
    const std::string token = rsa().token(algorithm, "{}", "a");
    return SignedToken::read(token)->choose_keys({}, set->keys);
  };
  EXPECT_EQ(match("RS384"), SignedToken::Match::named);
  EXPECT_EQ(match("RS256"), SignedToken::Match::none);
}

TEST(KeySet, FindsKeysByTheirKid) {
  const auto set = parse_key_set(set_of({replaced(p256().json_web_key("x"), R"(,"kid":"x")", "")}));
  ASSERT_TRUE(set);
  const auto match = [&](const std::string& kid) {
    const std::string token = p256().token("ES256", "{}", kid);
    return SignedToken::read(token)->choose_keys({}, set->keys);
  };
  EXPECT_EQ(match(""), SignedToken::Match::named);
  EXPECT_EQ(match("other"), SignedToken::Match::none) << "a key without a kid is for tokens without one";
}

TEST(KeySet, SkipsKeysForOtherUses) {
  EXPECT_TRUE(accepts(p256().json_web_key("a", R"("key_ops":["verify","sign"])")));
  for (const char* more : {R"("use":"enc")", R"("use":7)", R"("key_ops":["encrypt"])", R"("key_ops":[])",
                           R"("key_ops":"verify")", R"("alg":"ES384")", R"("alg":"RS256")", R"("alg":7)"})
    EXPECT_FALSE(accepts(p256().json_web_key("a", more))) << more;
  EXPECT_FALSE(accepts(rsa().json_web_key("a", R"("alg":"RSA-OAEP")")));
  EXPECT_FALSE(accepts(rsa().json_web_key("a", R"("alg":"PS256")")));
  EXPECT_FALSE(accepts(p256().json_web_key("guest"))) << "the kid of the server's own key";
  EXPECT_FALSE(accepts(R"({"kty":"oct","k":"c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28","kid":"a"})"));
}

TEST(KeySet, CountsSkippedKeys) {
  const auto set = parse_key_set(
      set_of({"7", "{}", p256().json_web_key("a"), p256().json_web_key("b", R"("use":"enc")"), "null"}));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->keys.size(), 1);
  EXPECT_EQ(set->keys.front().id, "a");
  EXPECT_EQ(set->skipped, 4);
}

TEST(KeySet, SkipsKeysOfAnotherKindThanTheySay) {
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("RSA")", R"("EC")")));
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), R"("EC")", R"("RSA")")));
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), R"("EC")", R"("OKP")")));
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), "P-256", "P-384")));
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), "P-256", "secp256k1")));
  EXPECT_FALSE(accepts(replaced(edwards().json_web_key("a"), R"("OKP")", R"("EC")")));
  EXPECT_FALSE(accepts(replaced(edwards().json_web_key("a"), "Ed25519", "Ed448")));
  EXPECT_FALSE(accepts(replaced(edwards().json_web_key("a"), "Ed25519", "X25519")));
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("RSA")", "7")));
}

TEST(KeySet, SkipsWeakAndInvalidKeys) {
  EXPECT_FALSE(accepts(SigningKey::rsa(1024).json_web_key("a")));
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("e":"AQAB")", R"("e":"AQ")"))) << "exponent 1";
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("e":"AQAB")", R"("e":"Ag")"))) << "exponent 2";
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("e":"AQAB")", R"("e":"")")));
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("e":"AQAB")", R"("e":7)")));
  EXPECT_FALSE(accepts(replaced(rsa().json_web_key("a"), R"("n":")", R"("n":"+)"))) << "not base64url";
  const std::string modulus(20'000, '_');
  EXPECT_FALSE(accepts(R"({"kty":"RSA","e":"AQAB","n":")" + modulus + "\"}")) << "too long";
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), R"("x":")", R"("x":"AAAA)"))) << "too long";
  const std::string zero = test::base64url(std::string(32, '\0'));
  EXPECT_FALSE(accepts(R"({"kty":"EC","crv":"P-256","x":")" + zero + R"(","y":")" + zero + "\"}"))
      << "not on the curve";
  EXPECT_FALSE(accepts(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"));
  EXPECT_FALSE(accepts(replaced(p256().json_web_key("a"), R"("kid":"a")", R"("kid":7)")));
}

TEST(KeySet, RejectsOtherDocuments) {
  EXPECT_THAT(error_of(""), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("<html>"), HasSubstr("not JSON"));
  for (const char* other : {"[]", "7", "{}", R"({"keys":{}})", R"({"keys":null})"})
    EXPECT_THAT(error_of(other), HasSubstr("array \"keys\"")) << other;
  EXPECT_THAT(error_of(R"({"keys":[]})"), HasSubstr("no key that verifies"));
  EXPECT_THAT(error_of(std::string(longest_key_set + 1, ' ')), HasSubstr("1 MiB"));
  EXPECT_THAT(error_of(std::string(1000, '[')), HasSubstr("not JSON"));
}

TEST(KeySet, BoundsTheNumberOfKeys) {
  const std::vector<std::string> most(100, edwards().json_web_key("a"));
  EXPECT_EQ(parse_key_set(set_of(most))->keys.size(), 100);
  const std::vector<std::string> more(101, edwards().json_web_key("a"));
  EXPECT_THAT(error_of(set_of(more)), HasSubstr("more than 100 keys"));
}

TEST(KeySet, NamesItsFileInErrors) {
  const test::TemporaryFolder folder;
  folder.write("good", set_of({p256().json_web_key("a")}));
  folder.write("bad", "nonsense");
  const std::string path = folder.path().string() + '/';
  EXPECT_EQ(read_key_set(path + "good")->keys.size(), 1);
  EXPECT_THAT(read_key_set(path + "bad").error().message, HasSubstr("/bad': the key set is not JSON"));
  EXPECT_THAT(read_key_set(path + "none").error().message, HasSubstr("/none' cannot be read"));
}

}  // namespace
}  // namespace coroom::detail::auth
