#include "auth/jwt_verifier.hpp"

#include "auth/signed_token.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace coroom::detail::auth {
namespace {

TokenTrace trace_of(Claims& claims) {
  return {std::move(claims.id), claims.issued};
}

}  // namespace

JwtVerifier::JwtVerifier(TokenSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

tl::expected<JwtVerifier::Said, TokenFault> JwtVerifier::claims(std::string_view token, Kind kind) const {
  const auto known = SignedToken::read(token, settings_.keys);
  if (!known) return tl::unexpected(known.error());
  auto claims = read_claims(known->claims());
  if (!claims) return tl::unexpected(claims.error());
  Said said{std::move(*claims), known->is_for_guests()};
  if (auto fault = fault_of(said, kind)) return tl::unexpected(std::move(*fault));
  if (!known->is_signed()) return tl::unexpected(TokenFault(TokenCause::signature));
  return said;
}

std::optional<TokenFault> JwtVerifier::fault_of(const Said& said, Kind kind) const {
  if (said.is_guest && !said.user.starts_with(guest_prefix))
    return TokenFault(TokenCause::unknown_key, "the kid 'guest' is only for tokens of guests");
  if (!settings_.issuer.empty() && said.issuer != settings_.issuer) return TokenCause::issuer;
  if (!settings_.audience.empty() &&
      std::ranges::find(said.audiences, settings_.audience) == said.audiences.end())
    return TokenCause::audience;
  if (kind == Kind::connection && said.channel)
    return TokenFault(TokenCause::wrong_kind, "a token with a channel is a subscription token");
  if (kind == Kind::subscription && (!said.channel || said.is_guest))
    return TokenFault(TokenCause::wrong_kind, "a token without a channel is a connection token");
  return std::nullopt;
}

tl::expected<JwtVerifier::TimeLeft, TokenFault> JwtVerifier::left(const Claims& claims) const {
  using std::chrono::milliseconds;
  const auto now = clock_.now();
  if (claims.not_before && now + settings_.leeway < *claims.not_before)
    return tl::unexpected(TokenFault(TokenCause::not_yet_valid));
  // A token is expired at the time of exp itself (RFC 7519 section 4.1.4).
  if (claims.expires && now >= *claims.expires + settings_.leeway)
    return tl::unexpected(TokenFault(TokenCause::expired));
  const auto end = claims.expire_at ? claims.expire_at : claims.expires;
  if (!end || claims.never_ends) return TimeLeft();
  auto left = std::chrono::ceil<milliseconds>(*end - now);
  if (left <= milliseconds(0)) left += settings_.leeway;
  if (left <= milliseconds(0)) return tl::unexpected(TokenFault(TokenCause::expired));
  return TimeLeft(left);
}

tl::expected<ConnectionToken, TokenFault> JwtVerifier::connection(std::string_view token) const {
  auto said = claims(token, Kind::connection);
  if (!said) return tl::unexpected(said.error());
  const auto lasts = left(*said);
  if (!lasts) return tl::unexpected(lasts.error());
  return ConnectionToken{std::move(said->user), std::move(said->info), *lasts, trace_of(*said),
                         said->is_guest};
}

tl::expected<SubscriptionToken, TokenFault> JwtVerifier::subscription(std::string_view token) const {
  auto said = claims(token, Kind::subscription);
  if (!said) return tl::unexpected(said.error());
  const auto lasts = left(*said);
  if (!lasts) return tl::unexpected(lasts.error());
  return SubscriptionToken{std::move(said->user), std::move(*said->channel), std::move(said->client),
                           std::move(said->info), std::move(said->data),     *lasts,
                           trace_of(*said)};
}

std::size_t JwtVerifier::cost() const {
  constexpr std::size_t of_public_key = 10;
  const bool is_cheap = std::ranges::all_of(
      settings_.keys, [](const TokenKey& key) { return key.family == TokenKey::Family::hmac; });
  return is_cheap ? 0 : of_public_key;
}

}  // namespace coroom::detail::auth
