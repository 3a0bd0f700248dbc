// JSON Web Tokens and key sets. The input: a line with `token`, then a token; a line with `keys`, then a key
// set; or a line with the name of an algorithm, then the header in a line and the claims of a token to sign.
#include "auth/claims.hpp"
#include "auth/jwt_verifier.hpp"
#include "auth/key_set.hpp"
#include "auth/subscription_claims.hpp"
#include "auth/token_key.hpp"
#include "core/json_text.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "support/settable_clock.hpp"
#include "support/signing_key.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::fuzz {
namespace {

using detail::auth::TokenKey;
using test::SigningKey;

const SigningKey& secret() {
  static const SigningKey key = SigningKey::secret("a secret of thirty-two bytes or so");
  return key;
}

const SigningKey& curve() {
  static const SigningKey key = SigningKey::ec("P-256");
  return key;
}

const detail::auth::JwtVerifier& verifier() {
  static const test::SettableClock clock;
  static const detail::auth::JwtVerifier made(
      {{detail::auth::hmac_key("", secret().public_part()).value(),
        detail::auth::public_key("", curve().public_part()).value(),
        detail::auth::public_key("named", curve().public_part()).value()},
       "",
       "",
       {},
       std::string(detail::auth::default_user_claim)},
      clock);
  return made;
}

bool is_accepted(std::string_view token) {
  const auto invalid = [](const auto& verified) { return !verified && !verified.error().is_about_time(); };
  return !invalid(verifier().connection(token)) || !invalid(verifier().subscription(token));
}

/// A signed token may be accepted only if its header names the algorithm of the key.
void try_signed(const SigningKey& key, std::string_view algorithm, std::string_view header,
                std::string_view claims) {
  const std::string token = key.sign(algorithm, header, claims);
  const bool accepted = is_accepted(token);
  if (accepted) {
    require(header.find(algorithm) != std::string_view::npos || header.find('\\') != std::string_view::npos,
            "the header names the algorithm");
    require(detail::auth::read_claims(claims).has_value(), "the claims are claims");
  }
  // Changes in the signed part invalidate the token.
  for (const std::size_t place : {token.find('.') + 1, token.rfind('.') - 1, token.size() / 2}) {
    std::string changed = token;
    if (changed[place] == '.' || place > token.rfind('.')) continue;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    require(!is_accepted(changed), "a changed token is rejected");
  }
  const std::string unsigned_token = token.substr(0, token.rfind('.') + 1);
  require(!is_accepted(unsigned_token) && !is_accepted(unsigned_token + "AAAA"),
          "an unsigned token is rejected");
}

void require_json(const std::string& text) {
  require(text.empty() || (detail::is_json(text) && text.find('\n') == std::string::npos),
          "a claim is JSON in one line");
}

/// Whatever the claims are, a room has JSON that fits into a line of the protocol.
void try_claims(std::string_view claims) {
  const auto read = detail::auth::read_claims(claims, "uid");
  const auto usual = detail::auth::read_claims(claims);
  if (!read || !usual) return;
  require_json(usual->info);
  require_json(usual->data);
  require_json(usual->meta);
  require(usual->subscriptions == read->subscriptions, "the user does not change the rooms");
  require(usual->subscriptions.size() <= 1024, "the number of rooms is bounded");
  require(!usual->channel || usual->subscriptions.empty(), "a subscription token has no rooms");
  for (const auto& [room, subscription] : usual->subscriptions) {
    require_json(subscription.info);
    require_json(subscription.data);
  }
}

void try_key_set(std::string_view document) {
  const auto set = detail::auth::parse_key_set(document);
  if (!set) return;
  require(!set->keys.empty() && set->keys.size() + set->skipped <= 100, "the number of keys is bounded");
  for (const TokenKey& key : set->keys) {
    require(key.family != TokenKey::Family::hmac && key.public_part != nullptr, "a key is public");
    require(key.id != detail::auth::guest_kid, "no key replaces the server's own");
  }
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  const std::string_view kind = take_until(text, '\n');
  if (kind == "token") {
    require(!is_accepted(text), "a token without our signature is rejected");
    return 0;
  }
  if (kind == "keys") {
    try_key_set(text);
    return 0;
  }
  if (kind != "HS256" && kind != "HS384" && kind != "HS512" && kind != "ES256") return -1;
  const std::string_view header = take_until(text, '\n');
  try_claims(text);
  try_signed(kind == "ES256" ? curve() : secret(), kind, header, text);
  return 0;
}

}  // namespace coroom::fuzz
