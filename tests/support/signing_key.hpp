#pragma once

#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::test {

/// The key of an issuer of tokens. It uses OpenSSL only, not the server's JWT library.
class SigningKey {
 public:
  static SigningKey secret(std::string text);
  static SigningKey rsa(unsigned bits = 2048);
  static SigningKey ec(const char* curve);  ///< such as P-256
  static SigningKey ed25519();

  /// Returns a token with any header and claims. `algorithm`, such as RS256, may differ from the header.
  [[nodiscard]] std::string sign(std::string_view algorithm, std::string_view header,
                                 std::string_view claims) const;

  /// The same, with the matching header.
  [[nodiscard]] std::string token(std::string_view algorithm, std::string_view claims,
                                  std::string_view kid = "") const;

  /// Returns the public key as PEM, or a secret itself.
  [[nodiscard]] std::string public_part() const;

  /// Returns the public key as a JSON Web Key. `more` are further fields, such as `"use":"sig"`.
  [[nodiscard]] std::string json_web_key(std::string_view kid, std::string_view more = "") const;

  [[nodiscard]] std::string private_pem() const;

 private:
  explicit SigningKey(std::string text) : secret_(std::move(text)) {}
  explicit SigningKey(EVP_PKEY* key);

  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

/// RFC 4648 section 4.
std::string base64(std::string_view bytes);

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

}  // namespace coroom::test
