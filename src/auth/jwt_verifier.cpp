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

tl::expected<JwtVerifier::CheckedClaims, TokenFault> JwtVerifier::checked_claims(std::string_view token,
                                                                                 Kind kind) const {
  const auto known = SignedToken::read(token, settings_.keys);
  if (!known) return tl::unexpected(known.error());
  auto claims = read_claims(known->claims());
  if (!claims) return tl::unexpected(claims.error());
  CheckedClaims checked{std::move(*claims), known->is_for_guests()};
  if (auto fault = fault_of(checked, kind)) return tl::unexpected(std::move(*fault));
  if (!known->is_signed()) return tl::unexpected(TokenFault(TokenCause::signature));
  return checked;
}

std::optional<TokenFault> JwtVerifier::fault_of(const CheckedClaims& checked, Kind kind) const {
  if (checked.is_guest && !checked.user.starts_with(guest_prefix))
    return TokenFault(TokenCause::unknown_key, "the kid 'guest' is only for tokens of guests");
  if (!settings_.issuer.empty() && checked.issuer != settings_.issuer) return TokenCause::issuer;
  if (!settings_.audience.empty() &&
      std::ranges::find(checked.audiences, settings_.audience) == checked.audiences.end())
    return TokenCause::audience;
  if (kind == Kind::connection && checked.channel)
    return TokenFault(TokenCause::wrong_kind, "a token with a channel is a subscription token");
  if (kind == Kind::subscription && (!checked.channel || checked.is_guest))
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
  auto checked = checked_claims(token, Kind::connection);
  if (!checked) return tl::unexpected(checked.error());
  const auto lasts = left(*checked);
  if (!lasts) return tl::unexpected(lasts.error());
  return ConnectionToken{std::move(checked->user), std::move(checked->info), *lasts, trace_of(*checked),
                         checked->is_guest};
}

tl::expected<SubscriptionToken, TokenFault> JwtVerifier::subscription(std::string_view token) const {
  auto checked = checked_claims(token, Kind::subscription);
  if (!checked) return tl::unexpected(checked.error());
  const auto lasts = left(*checked);
  if (!lasts) return tl::unexpected(lasts.error());
  return SubscriptionToken{std::move(checked->user), std::move(*checked->channel), std::move(checked->client),
                           std::move(checked->info), std::move(checked->data),     *lasts,
                           trace_of(*checked)};
}

std::size_t JwtVerifier::cost() const {
  constexpr std::size_t of_public_key = 10;
  const bool is_cheap = std::ranges::all_of(
      settings_.keys, [](const TokenKey& key) { return key.family == TokenKey::Family::hmac; });
  return is_cheap ? 0 : of_public_key;
}

}  // namespace coroom::detail::auth
