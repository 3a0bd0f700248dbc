#include "auth/base64.hpp"

#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace coroom::detail::auth {
namespace {

TEST(Base64, DecodesWhatIsEncoded) {
  std::string bytes;
  for (int letter = 0; letter != 256; ++letter) {
    EXPECT_EQ(decode_base64(test::base64(bytes)), bytes);
    EXPECT_EQ(decode_base64url(test::base64url(bytes)), bytes);
    bytes += static_cast<char>(letter);
  }
}

TEST(Base64, RejectsOtherLettersAndLengths) {
  for (const char* wrong : {"A", "AA", "AAA", "A===", "====", "AA=A", "AAAA====", "AAA-", "AA A", " AAAA",
                            "AAAA\n", "AAAA AAA", "AA==AAAA", "\xc3\xa4\xc3\xa4"})
    EXPECT_EQ(decode_base64(wrong), std::nullopt) << wrong;
  EXPECT_EQ(decode_base64(std::string("AAA\0", 4)), std::nullopt);
  for (const char* wrong : {"A", "AAAAA", "AA==", "AAA=", "AA+A", "AA/A", "AA A", "AAAA\n"})
    EXPECT_EQ(decode_base64url(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace coroom::detail::auth
