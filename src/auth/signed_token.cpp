#include "auth/signed_token.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <jwt/jwt.hpp>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string>
#include <system_error>

// The library decodes and does the cryptography. Which key and algorithm are used is decided here, and so is
// what reaches it: its own decode() believes the token's word for the algorithm, takes `none` for a success
// of a kind, reads beside its tables where a letter is not of base64, and compares secrets letter by letter.
namespace coroom::auth {
namespace {

using Family = TokenKey::Family;

// JSON is nested in proportion, and the library copies it by recursion.
constexpr std::size_t longest_header = 2 * 1024;
constexpr std::size_t longest_token = 16 * 1024;

/// In constant time: how much of a guess is right is not to be learnt.
template <class Hash>
bool has_mac(std::string_view secret, std::string_view text, std::string_view signature) {
  const auto [mac, ec] = jwt::HMACSign<Hash>::sign(secret, text);
  const std::string given = jwt::base64_uri_decode(signature.data(), signature.size());
  return !ec && !mac.empty() && given.size() == mac.size() &&
         CRYPTO_memcmp(given.data(), mac.data(), mac.size()) == 0;
}

template <class Hash>
bool has_signature(std::string_view pem, std::string_view text, std::string_view signature) {
  const auto [right, ec] = jwt::PEMSign<Hash>::verify(pem, text, signature);
  return right && !ec;
}

struct Algorithm {
  std::string_view name;
  Family family;
  bool (*verify)(std::string_view key, std::string_view text, std::string_view signature);
};

constexpr std::array algorithms{
    Algorithm{"HS256", Family::hmac, has_mac<jwt::algo::HS256>},
    Algorithm{"HS384", Family::hmac, has_mac<jwt::algo::HS384>},
    Algorithm{"HS512", Family::hmac, has_mac<jwt::algo::HS512>},
    Algorithm{"RS256", Family::rsa, has_signature<jwt::algo::RS256>},
    Algorithm{"RS384", Family::rsa, has_signature<jwt::algo::RS384>},
    Algorithm{"RS512", Family::rsa, has_signature<jwt::algo::RS512>},
    Algorithm{"ES256", Family::p256, has_signature<jwt::algo::ES256>},
    Algorithm{"ES384", Family::p384, has_signature<jwt::algo::ES384>},
    Algorithm{"ES512", Family::p521, has_signature<jwt::algo::ES512>},
};

/// HEADER.CLAIMS.SIGNATURE, each in base64url (RFC 4648 section 5).
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view text;  // that is signed
};

bool is_base64url(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() > 1 && text.size() % 4 != 1 && text.find_first_not_of(letters) == std::string_view::npos;
}

std::optional<Parts> split(std::string_view token) {
  if (token.size() > longest_token) return std::nullopt;
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == last) return std::nullopt;  // or there is none
  const Parts parts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
                    token.substr(0, last)};
  const bool right = parts.header.size() <= longest_header && is_base64url(parts.header) &&
                     is_base64url(parts.claims) && is_base64url(parts.signature);
  return right ? std::optional(parts) : std::nullopt;
}

struct Header {
  std::string algorithm;
  std::string key;
};

std::optional<Header> read_header(std::string_view part) {
  jwt::jwt_header header;
  std::error_code ec;
  header.decode(part, ec);
  const auto& fields = header.create_json_obj();
  // RFC 7515 section 4.1.11: what has to be understood, and is not
  if (ec || !fields.is_object() || fields.contains("crit")) return std::nullopt;
  return Header{fields.at("alg").get<std::string>(), fields.value("kid", std::string())};
}

std::optional<SignedClaims> claims_in(const Parts& parts, const std::vector<TokenKey>& keys) {
  const auto header = read_header(parts.header);
  if (!header) return std::nullopt;
  const auto algorithm = std::ranges::find(algorithms, header->algorithm, &Algorithm::name);
  if (algorithm == algorithms.end()) return std::nullopt;
  const bool is_named = std::ranges::find(keys, header->key, &TokenKey::id) != keys.end();
  const std::string id = is_named ? header->key : "";
  for (const TokenKey& key : keys) {
    if (key.id != id || key.family != algorithm->family) continue;
    if (algorithm->verify(key.material, parts.text, parts.signature))
      return SignedClaims{jwt::base64_uri_decode(parts.claims.data(), parts.claims.size()),
                          key.is_for_guests};
  }
  return std::nullopt;
}

}  // namespace

std::optional<SignedClaims> signed_claims(std::string_view token, const std::vector<TokenKey>& keys) {
  const auto parts = split(token);
  if (!parts) return std::nullopt;
  std::optional<SignedClaims> claims;
  try {
    claims = claims_in(*parts, keys);
  } catch (const std::exception&) {
    claims.reset();  // fields of other types than they should be
  }
  ERR_clear_error();  // what is left there would be taken for a fault of the next TLS connection
  return claims;
}

}  // namespace coroom::auth
