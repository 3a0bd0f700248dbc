#include "auth/signed_token.hpp"

#include "auth/signature.hpp"
#include "core/grammar.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <jwt/jwt.hpp>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <optional>

// The library only decodes base64url and makes MACs. This file chooses the key and the algorithm, and checks
// all input first. The library's decode() trusts the token's own algorithm and accepts `none`. It also reads
// outside its tables for a letter that is not base64, and compares secrets in variable time.
namespace coroom::detail::auth {

/// An algorithm by the name that tokens use for it.
struct Algorithm {
  std::string_view name;
  TokenKey::Family family;
  bool (*verify)(const TokenKey& key, std::string_view text, const std::string& signature);
};

namespace {

namespace json = boost::json;
using Family = TokenKey::Family;

constexpr std::size_t longest_header = 2 * 1024;
constexpr std::size_t longest_token = 16 * 1024;

/// Compares in constant time, so that an attacker cannot measure how much of a guess is right.
template <class DigestFunction>
bool has_mac(const TokenKey& key, std::string_view text, const std::string& signature) {
  const auto [mac, ec] = jwt::HMACSign<DigestFunction>::sign(key.material, text);
  return !ec && !mac.empty() && signature.size() == mac.size() &&
         CRYPTO_memcmp(signature.data(), mac.data(), mac.size()) == 0;
}

using DigestFunction = const EVP_MD* (*)();

template <DigestFunction hash>
bool has_rsa(const TokenKey& key, std::string_view text, const std::string& signature) {
  return has_rsa_signature(*key.public_part, hash(), text, signature);
}

template <DigestFunction hash>
bool has_ec(const TokenKey& key, std::string_view text, const std::string& signature) {
  return has_ec_signature(*key.public_part, hash(), text, signature);
}

bool has_ed25519(const TokenKey& key, std::string_view text, const std::string& signature) {
  return has_ed25519_signature(*key.public_part, text, signature);
}

constexpr std::array algorithms{
    Algorithm{"HS256", Family::hmac, has_mac<jwt::algo::HS256>},
    Algorithm{"HS384", Family::hmac, has_mac<jwt::algo::HS384>},
    Algorithm{"HS512", Family::hmac, has_mac<jwt::algo::HS512>},
    Algorithm{"RS256", Family::rsa, has_rsa<EVP_sha256>},
    Algorithm{"RS384", Family::rsa, has_rsa<EVP_sha384>},
    Algorithm{"RS512", Family::rsa, has_rsa<EVP_sha512>},
    Algorithm{"ES256", Family::p256, has_ec<EVP_sha256>},
    Algorithm{"ES384", Family::p384, has_ec<EVP_sha384>},
    Algorithm{"ES512", Family::p521, has_ec<EVP_sha512>},
    Algorithm{"EdDSA", Family::ed25519, has_ed25519},
};

/// HEADER.CLAIMS.SIGNATURE, each in base64url (RFC 4648 section 5).
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view text;  // the signed part
};

bool is_base64url(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() > 1 && text.size() % 4 != 1 && text.find_first_not_of(letters) == std::string_view::npos;
}

std::string decoded(std::string_view part) {
  return jwt::base64_uri_decode(part.data(), part.size());
}

std::optional<Parts> split(std::string_view token) {
  if (token.size() > longest_token) return std::nullopt;
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == last) return std::nullopt;  // one dot, or none
  const Parts parts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
                    token.substr(0, last)};
  const bool right = parts.header.size() <= longest_header && is_base64url(parts.header) &&
                     is_base64url(parts.claims) && is_base64url(parts.signature);
  return right ? std::optional(parts) : std::nullopt;
}

struct Header {
  std::string algorithm;
  std::string key;   // kid
  std::string type;  // typ
};

/// Returns false if the field exists and is not a string.
bool read_text(const json::object& fields, std::string_view name, std::string& to) {
  const json::value* const value = fields.if_contains(name);
  if (value == nullptr) return true;
  const json::string* const text = value->if_string();
  if (text == nullptr) return false;
  to = *text;
  return true;
}

tl::unexpected<TokenFault> malformed(std::string what) {
  return tl::unexpected(TokenFault(TokenCause::malformed, std::move(what)));
}

tl::expected<Header, TokenFault> read_header(std::string_view part) {
  boost::system::error_code ec;
  json::parse_options deep;
  deep.max_depth = longest_header;  // the length of the header bounds the depth
  const json::value value = json::parse(decoded(part), ec, {}, deep);
  const json::object* const fields = ec ? nullptr : value.if_object();
  if (fields == nullptr) return malformed("the header is not a JSON object");
  // RFC 7515 section 4.1.11: a recipient must reject extensions that it does not support.
  if (fields->contains("crit")) return malformed("the header parameter crit is not supported");
  Header header;
  if (!read_text(*fields, "alg", header.algorithm)) return malformed("alg is not a string");
  if (!read_text(*fields, "kid", header.key)) return malformed("kid is not a string");
  if (!read_text(*fields, "typ", header.type)) return malformed("typ is not a string");
  return header;
}

/// Accepts access tokens (RFC 7519 section 5.1 and RFC 9068 section 4). Tokens of other types are for other
/// uses (RFC 8725 section 3.11).
bool is_access_token(std::string_view type) {
  constexpr std::string_view media = "application/";
  if (detail::starts_with_ignoring_case(type, media)) type.remove_prefix(media.size());
  return type.empty() || boost::beast::iequals(type, "JWT") || boost::beast::iequals(type, "at+jwt");
}

}  // namespace

tl::expected<SignedToken, TokenFault> SignedToken::read(std::string_view token) {
  const auto parts = split(token);
  if (!parts) return malformed("the token is not HEADER.CLAIMS.SIGNATURE in base64url, or is too long");
  auto header = read_header(parts->header);
  if (!header) return tl::unexpected(header.error());
  if (!is_access_token(header->type)) return malformed("typ is neither JWT nor at+jwt");
  const auto algorithm = std::ranges::find(algorithms, header->algorithm, &Algorithm::name);
  if (algorithm == algorithms.end())
    return tl::unexpected(TokenFault(TokenCause::unknown_key, "alg is not supported"));
  SignedToken made;
  made.algorithm_ = algorithm;
  made.kid_ = std::move(header->key);
  made.text_ = parts->text;
  made.claims_ = parts->claims;
  made.signature_ = parts->signature;
  return made;
}

SignedToken::Match SignedToken::choose_keys(std::span<const TokenKey> own, std::span<const TokenKey> issuer) {
  const auto add = [this](std::span<const TokenKey> keys, std::string_view id) {
    for (const TokenKey& key : keys) {
      const bool fits = key.id == id && key.family == algorithm_->family &&
                        (key.algorithm.empty() || key.algorithm == algorithm_->name);
      if (fits) keys_.push_back(&key);
    }
  };
  const auto has_name = [this](std::span<const TokenKey> keys) {
    return std::ranges::find(keys, kid_, &TokenKey::id) != keys.end();
  };
  const bool is_named = kid_.empty() || has_name(own) || has_name(issuer);
  add(own, is_named ? kid_ : "");
  add(issuer, kid_);
  if (keys_.empty()) return Match::none;
  return is_named ? Match::named : Match::others;
}

bool SignedToken::has_public_algorithm() const {
  return algorithm_->family != Family::hmac;
}

TokenFault SignedToken::missing_key() const {
  const std::string name(algorithm_->name);
  return TokenFault(TokenCause::unknown_key, kid_.empty() ? "there is no key for " + name
                                                          : "there is no key for " + name + " with this kid");
}

std::string SignedToken::claims() const {
  return decoded(claims_);
}

bool SignedToken::is_signed() const {
  const std::string signature = decoded(signature_);
  const bool is_right = std::ranges::any_of(
      keys_, [&](const TokenKey* key) { return algorithm_->verify(*key, text_, signature); });
  ERR_clear_error();  // the next TLS connection would take a leftover error for its own
  return is_right;
}

}  // namespace coroom::detail::auth
