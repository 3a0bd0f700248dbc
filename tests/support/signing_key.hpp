#pragma once

#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::test {

/// What an issuer of tokens has, by OpenSSL alone: the server's own library has no part in it.
class SigningKey {
 public:
  static SigningKey secret(std::string text);
  static SigningKey rsa(unsigned bits = 2048);
  static SigningKey ec(const char* curve);  ///< such as P-256

  /// A token of any header and claims, signed as `algorithm` says, such as RS256, whatever the header says.
  [[nodiscard]] std::string sign(std::string_view algorithm, std::string_view header,
                                 std::string_view claims) const;

  /// The same with the header that goes with it.
  [[nodiscard]] std::string token(std::string_view algorithm, std::string_view claims,
                                  std::string_view kid = "") const;

  /// `BEGIN PUBLIC KEY`; of a secret, itself.
  [[nodiscard]] std::string public_part() const;

  [[nodiscard]] std::string private_pem() const;

 private:
  explicit SigningKey(std::string text) : secret_(std::move(text)) {}
  explicit SigningKey(EVP_PKEY* key);

  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

}  // namespace coroom::test
