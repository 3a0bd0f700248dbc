#include "auth/jwt_verifier.hpp"

#include "auth/signed_token.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace coroom::auth {
namespace {

TokenTrace trace_of(Claims& claims) {
  return {std::move(claims.id), claims.issued};
}

}  // namespace

JwtVerifier::JwtVerifier(TokenSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

tl::expected<JwtVerifier::Said, TokenFault> JwtVerifier::claims(std::string_view token) const {
  const auto known = signed_claims(token, settings_.keys);
  auto claims = known ? read_claims(known->text) : std::nullopt;
  if (!claims) return tl::unexpected(TokenFault::invalid);
  if (known->is_for_guests && !claims->user.starts_with(guest_prefix))
    return tl::unexpected(TokenFault::invalid);
  if (!settings_.issuer.empty() && claims->issuer != settings_.issuer)
    return tl::unexpected(TokenFault::invalid);
  if (!settings_.audience.empty() &&
      std::ranges::find(claims->audiences, settings_.audience) == claims->audiences.end())
    return tl::unexpected(TokenFault::invalid);
  return Said{std::move(*claims), known->is_for_guests};
}

tl::expected<JwtVerifier::Left, TokenFault> JwtVerifier::left(const Claims& claims) const {
  using std::chrono::milliseconds;
  const auto now = clock_.now();
  const bool early = claims.not_before && now < *claims.not_before;
  const bool late = claims.expires && now >= *claims.expires;  // RFC 7519 section 4.1.4
  if (early || late) return tl::unexpected(TokenFault::expired);
  const auto end = claims.expire_at ? claims.expire_at : claims.expires;
  if (!end || claims.never_ends) return Left();
  const auto left = std::chrono::ceil<milliseconds>(*end - now);
  if (left <= milliseconds(0)) return tl::unexpected(TokenFault::expired);
  return Left(left);
}

tl::expected<ConnectionToken, TokenFault> JwtVerifier::connection(std::string_view token) const {
  auto said = claims(token);
  if (!said) return tl::unexpected(said.error());
  if (said->channel) return tl::unexpected(TokenFault::invalid);  // it is a subscription's
  const auto lasts = left(*said);
  if (!lasts) return tl::unexpected(lasts.error());
  return ConnectionToken{std::move(said->user), std::move(said->info), *lasts, trace_of(*said),
                         said->is_guest};
}

tl::expected<SubscriptionToken, TokenFault> JwtVerifier::subscription(std::string_view token) const {
  auto said = claims(token);
  if (!said) return tl::unexpected(said.error());
  if (!said->channel || said->is_guest) return tl::unexpected(TokenFault::invalid);
  const auto lasts = left(*said);
  if (!lasts) return tl::unexpected(lasts.error());
  return SubscriptionToken{std::move(said->user), std::move(*said->channel), std::move(said->client),
                           std::move(said->info), std::move(said->data),     *lasts,
                           trace_of(*said)};
}

}  // namespace coroom::auth
