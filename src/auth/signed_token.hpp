#pragma once

#include "auth/token_key.hpp"

#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

struct Algorithm;

/// A parsed JSON Web Token (RFC 7519, RFC 7515 section 7.1): HS, RS and ES with 256, 384 and 512, and EdDSA.
/// The cheap checks come first, the signature only on demand.
class SignedToken {
 public:
  /// Fails if the text is not a token of a supported algorithm. The token outlives it.
  static tl::expected<SignedToken, TokenFault> read(std::string_view token);

  /// The keys of a token.
  enum class Match : std::uint8_t {
    named,   ///< the header names a key by its `kid`, or no key at all
    others,  ///< the header names another key; only those for all such tokens fit
    none     ///< no key fits
  };

  /// Chooses the keys for its algorithm and `kid`. A key of `own` without an ID is for tokens that name no
  /// other key; one of `issuer` is only for tokens without a `kid`. Both outlive it. Call it again after
  /// Match::none only with other keys.
  Match choose_keys(std::span<const TokenKey> own, std::span<const TokenKey> issuer = {});

  /// Returns whether the algorithm has public keys, as a set of an issuer has.
  [[nodiscard]] bool has_public_algorithm() const;

  /// Returns the fault of a token for which no key fits.
  [[nodiscard]] TokenFault missing_key() const;

  /// Returns the claims. They are JSON unless the issuer made a mistake.
  [[nodiscard]] std::string claims() const;

  /// See TokenKey::is_for_guests. Keys have been chosen.
  [[nodiscard]] bool is_for_guests() const { return keys_.front()->is_for_guests; }

  /// Returns whether one of the chosen keys has signed the token. Takes up to a millisecond for a public key.
  [[nodiscard]] bool is_signed() const;

 private:
  SignedToken() = default;

  const Algorithm* algorithm_ = nullptr;
  std::string kid_;
  std::vector<const TokenKey*> keys_;  // candidates for its signature
  std::string_view text_;              // the signed part
  std::string_view claims_;            // in base64url, like the signature
  std::string_view signature_;
};

}  // namespace coroom::detail::auth
