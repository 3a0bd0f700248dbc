#include "auth/jwt_verifier.hpp"

#include "auth/signed_token.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace coroom::detail::auth {
namespace {

TokenFault keys_not_loaded() {
  return TokenFault(TokenCause::keys_not_loaded, "the key set of the issuer was not loaded yet");
}

TokenTrace trace_of(Claims& claims) {
  return {std::move(claims.id), claims.issued};
}

}  // namespace

JwtVerifier::JwtVerifier(TokenSettings settings, const Clock& clock, std::shared_ptr<const IssuerKeys> issuer)
    : settings_(std::move(settings)), clock_(clock), issuer_(std::move(issuer)) {}

tl::expected<JwtVerifier::CheckedClaims, TokenFault> JwtVerifier::checked_claims(std::string_view token,
                                                                                 Kind kind) const {
  using Match = SignedToken::Match;
  auto known = SignedToken::read(token);
  if (!known) return tl::unexpected(known.error());
  const IssuerKeys::Keys issued = issuer_ ? issuer_->keys() : nullptr;  // the token refers to them
  const Match match =
      issued ? known->choose_keys(settings_.keys, *issued) : known->choose_keys(settings_.keys);
  const bool may_be_of_issuer = issuer_ && known->has_public_algorithm();
  if (match == Match::none) return tl::unexpected(unknown_key(*known, issued, may_be_of_issuer));
  auto claims = read_claims(
      known->claims(), known->is_for_guests() ? default_user_claim : std::string_view(settings_.user_claim));
  if (!claims) return tl::unexpected(claims.error());
  CheckedClaims checked{std::move(*claims), known->is_for_guests()};
  if (auto fault = fault_of(checked, kind)) return tl::unexpected(std::move(*fault));
  if (known->is_signed()) return checked;
  if (may_be_of_issuer && match == Match::others) {
    issuer_->note_unknown_key();
    if (!issued) return tl::unexpected(keys_not_loaded());
  }
  return tl::unexpected(TokenFault(TokenCause::signature));
}

TokenFault JwtVerifier::unknown_key(const SignedToken& token, const IssuerKeys::Keys& issued,
                                    bool may_be_of_issuer) const {
  if (!may_be_of_issuer) return token.missing_key();
  issuer_->note_unknown_key();
  return issued ? token.missing_key() : keys_not_loaded();
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
  return ConnectionToken{.user = std::move(checked->user),
                         .info = std::move(checked->info),
                         .left = *lasts,
                         .trace = trace_of(*checked),
                         .guest = checked->is_guest,
                         .meta = std::move(checked->meta),
                         .subscriptions = std::move(checked->subscriptions)};
}

tl::expected<SubscriptionToken, TokenFault> JwtVerifier::subscription(std::string_view token) const {
  auto checked = checked_claims(token, Kind::subscription);
  if (!checked) return tl::unexpected(checked.error());
  const auto lasts = left(*checked);
  if (!lasts) return tl::unexpected(lasts.error());
  return SubscriptionToken{.user = std::move(checked->user),
                           .channel = std::move(*checked->channel),
                           .client = std::move(checked->client),
                           .info = std::move(checked->info),
                           .data = std::move(checked->data),
                           .left = *lasts,
                           .trace = trace_of(*checked),
                           .overrides = checked->overrides};
}

std::size_t JwtVerifier::cost() const {
  constexpr std::size_t of_public_key = 10;
  const bool is_cheap = std::ranges::all_of(
      settings_.keys, [](const TokenKey& key) { return key.family == TokenKey::Family::hmac; });
  return is_cheap && !issuer_ ? 0 : of_public_key;
}

}  // namespace coroom::detail::auth
