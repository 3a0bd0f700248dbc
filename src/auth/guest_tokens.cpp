#include "auth/guest_tokens.hpp"

#include "auth/claims.hpp"
#include "auth/signed_token.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <array>
#include <chrono>
#include <iterator>
#include <jwt/jwt.hpp>
#include <openssl/rand.h>
#include <stdexcept>
#include <utility>

namespace coroom::detail::auth {
namespace {

constexpr std::chrono::hours lifetime{24};

constexpr std::size_t secret_size = 32;  // bytes, as HS256 requires (RFC 7518 section 3.2)

std::int64_t seconds_of(Clock::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

GuestTokens::GuestTokens(std::string secret, std::string audience, std::string issuer, const Clock& clock)
    : key_{.id = std::string(guest_kid), .material = std::move(secret), .is_for_guests = true},
      audience_(std::move(audience)),
      issuer_(std::move(issuer)),
      clock_(clock) {}

std::string GuestTokens::new_secret() {
  std::array<unsigned char, secret_size> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("OpenSSL returned no random bytes");
  std::string secret;
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(secret));
  return secret;
}

std::string GuestTokens::new_user() {
  return std::string(guest_prefix) + boost::uuids::to_string(boost::uuids::random_generator_pure()());
}

std::optional<GuestTokens::Guest> GuestTokens::owner(std::string_view token) const {
  auto known = SignedToken::read(token);
  if (!known || known->choose_keys({&key_, 1}) == SignedToken::Match::none || !known->is_signed())
    return std::nullopt;
  auto claims = read_claims(known->claims());
  if (!claims || !claims->user.starts_with(guest_prefix)) return std::nullopt;
  return Guest{std::move(claims->user), {std::move(claims->id), claims->issued}};
}

std::string GuestTokens::make(std::string_view user, std::string_view name) const {
  const auto now = clock_.now();
  jwt::jwt_object token{jwt::params::algorithm("HS256"), jwt::params::secret(key_.material),
                        jwt::params::headers({{"kid", std::string(guest_kid)}})};
  token.add_claim("sub", std::string(user))
      .add_claim("info", json_t{{"name", std::string(name)}})
      .add_claim("iat", seconds_of(now))
      .add_claim("exp", seconds_of(now + lifetime));
  if (!audience_.empty()) token.add_claim("aud", audience_);
  if (!issuer_.empty()) token.add_claim("iss", issuer_);
  return token.signature();
}

}  // namespace coroom::detail::auth
