#include "auth/token_key.hpp"

#include "support/signing_key.hpp"
#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::auth {
namespace {

using test::SigningKey;
using test::TemporaryFolder;
using testing::HasSubstr;

const std::string secret = "a secret of thirty-two bytes or so";

std::string error_of(const Result<TokenKey>& key) {
  return key ? "no error" : key.error().message;
}

TEST(TokenKey, HasTheFamilyOfItsAlgorithms) {
  using Family = TokenKey::Family;
  EXPECT_EQ(hmac_key("", secret)->family, Family::hmac);
  EXPECT_EQ(public_key("", SigningKey::rsa().public_part())->family, Family::rsa);
  EXPECT_EQ(public_key("", SigningKey::ec("P-256").public_part())->family, Family::p256);
  EXPECT_EQ(public_key("", SigningKey::ec("P-384").public_part())->family, Family::p384);
  EXPECT_EQ(public_key("", SigningKey::ec("P-521").public_part())->family, Family::p521);
  EXPECT_EQ(public_key("", SigningKey::ed25519().public_part())->family, Family::ed25519);
}

TEST(TokenKey, RejectsWeakAndUnsupportedKeys) {
  EXPECT_THAT(error_of(hmac_key("", "secret")), HasSubstr("32 bytes"));
  EXPECT_THAT(error_of(hmac_key("", SigningKey::rsa().public_part())), HasSubstr("not an HMAC secret"));
  EXPECT_THAT(error_of(public_key("", SigningKey::rsa(1024).public_part())), HasSubstr("2048"));
  EXPECT_THAT(error_of(public_key("", SigningKey::ec("secp256k1").public_part())), HasSubstr("P-256"));
  EXPECT_THAT(error_of(public_key("", SigningKey::rsa().private_pem())), HasSubstr("public"));
  EXPECT_THAT(error_of(public_key("", "nonsense")), HasSubstr("public"));
  EXPECT_THAT(error_of(public_key("", "")), HasSubstr("public"));
}

TEST(TokenKey, MayBeAShortSecretIfAllowed) {
  EXPECT_EQ(hmac_key("", "secret", ShortSecret::allowed)->material, "secret");
  EXPECT_TRUE(is_short_secret(*hmac_key("", "secret", ShortSecret::allowed)));
  EXPECT_FALSE(is_short_secret(*hmac_key("", secret)));
  EXPECT_FALSE(is_short_secret(*public_key("", SigningKey::ed25519().public_part())));
  EXPECT_THAT(error_of(hmac_key("", "", ShortSecret::allowed)), HasSubstr("empty"));
  EXPECT_THAT(error_of(hmac_key("", SigningKey::ed25519().public_part(), ShortSecret::allowed)),
              HasSubstr("not an HMAC secret"));
}

TEST(TokenKey, RejectsFilesWithMoreThanASecret) {
  const TemporaryFolder folder;
  const auto error_for = [&folder](const std::string& content) {
    folder.write("secret", content);
    const auto key = read_hmac_key((folder.path() / "secret").string());
    return key ? "no error: " + key->material : key.error().message;
  };
  EXPECT_EQ(error_for("\xef\xbb\xbf" + secret + "\n\n"), "no error: " + secret);
  EXPECT_THAT(error_for("\xff\xfe" + secret), HasSubstr("UTF-16"));
  for (const std::string& wrong : {secret + "\nmore", secret + " \n", " " + secret, '"' + secret + '"',
                                   secret + '\x01', "\xff" + secret, secret + "\u00a0"})
    EXPECT_THAT(error_for(wrong), testing::AllOf(HasSubstr("/secret'"), testing::Not(HasSubstr("thirty"))));
}

TEST(TokenKey, ReadsFilesWithAndWithoutAKid) {
  const TemporaryFolder folder;
  folder.write("plain", secret);
  folder.write("lines", secret + "\r\n");
  folder.write("a=b.pem", SigningKey::ec("P-256").public_part());
  folder.write("empty", "");
  const std::string path = folder.path().string() + "/";
  EXPECT_EQ(read_hmac_key(path + "plain")->material, secret);
  EXPECT_EQ(read_hmac_key("one=" + path + "lines")->material, secret) << "the end of the line is removed";
  EXPECT_EQ(read_hmac_key("one=" + path + "lines")->id, "one");
  EXPECT_EQ(read_public_key(path + "a=b.pem")->id, "") << "a path is not a kid";
  EXPECT_EQ(read_public_key("x=" + path + "a=b.pem")->id, "x");
  EXPECT_THAT(error_of(read_public_key(path + "none")), HasSubstr("none"));
  EXPECT_THAT(error_of(read_hmac_key(path + "empty")), HasSubstr("empty"));
  EXPECT_THAT(error_of(read_public_key(path + "plain")), HasSubstr("plain"));
  EXPECT_THAT(error_of(read_hmac_key(path)), HasSubstr(path)) << "a folder";
}

}  // namespace
}  // namespace coroom::detail::auth
