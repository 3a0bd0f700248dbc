#include "server/identity_flags.hpp"

#include "auth/token_key.hpp"
#include "core/host.hpp"
#include "server/flag_values.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>

namespace coroom::server {
namespace {

/// Returns a parser that reads one key from each file.
auto keys_in(std::function<Result<detail::auth::TokenKey>(const std::string& file)> read) {
  return [read = std::move(read)](
             const std::vector<std::string>& files) -> Result<std::vector<detail::auth::TokenKey>> {
    std::vector<detail::auth::TokenKey> keys;
    if (files.empty()) return failure("the value is empty: give a file or leave the option out");
    for (const std::string& file : files) {
      auto key = read(file);
      if (!key) return tl::unexpected(key.error());
      keys.push_back(std::move(*key));
    }
    return keys;
  };
}

/// Reads a secret of any length: --token-allow-short-secret may follow.
Result<detail::auth::TokenKey> read_secret(const std::string& file) {
  return detail::auth::read_hmac_key(file, detail::auth::ShortSecret::allowed);
}

constexpr const char* short_secret =
    "the secret must have at least 32 bytes; --token-allow-short-secret allows less";

Result<> check_lengths(const IdentityFlags& identity) {
  for (std::size_t index = 0; index != identity.secrets.size(); ++index) {
    if (!detail::auth::is_short_secret(identity.secrets[index])) continue;
    return failure("--token-hmac-secret-file: '" + identity.secret_files.at(index) + "': " + short_secret);
  }
  return {};
}

Result<std::chrono::milliseconds> parse_leeway(std::chrono::milliseconds leeway) {
  if (leeway > std::chrono::minutes(5)) return failure("must be at most 5m");
  return leeway;
}

}  // namespace

void define_identity(coroom::OptionParser& flags, ServerConfig& options, IdentityFlags& identity) {
  const std::string group = "Identity (tokens: docs/protocol.md)";
  flags.define<std::string>(
      "anonymous", "",
      "on: allow clients without a token (default: on at a loopback address without --trust-proxy, else off)",
      {.metavar = "off|on",
       .group = group,
       .callback = into(identity.anonymous, one_of<bool>({{"off", false}, {"on", true}}))});
  flags.define<std::string>(
      "token-hmac-secret", "",
      "secret of tokens signed with HS256, HS384 or HS512, at least 32 bytes; all users of this machine can "
      "read the command line, so prefer COROOM_TOKEN_HMAC_SECRET or a file",
      {.metavar = "SECRET",
       .group = group,
       .secret = true,
       .callback = into(identity.secret, parse_given<std::string>)});
  flags.define<std::vector<std::string>>(
      "token-hmac-secret-file", {},
      "file with such a secret; with KID=, only for tokens with this kid; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = [&identity,
                    read = keys_in(read_secret)](const std::vector<std::string>& files) -> Result<> {
         identity.secret_files = files;
         return into(identity.secrets, read)(files);
       }});
  flags.define<bool>(
      "token-allow-short-secret", false,
      "also accept secrets of less than 32 bytes, such as those of other servers; an attacker with one token "
      "can find a short secret by trying, and then be any user",
      {.group = group, .callback = into(identity.allows_short_secret)});
  flags.define<std::vector<std::string>>(
      "token-public-key", {},
      "public key in PEM: RSA for RS256, RS384 and RS512; EC for ES256, ES384 or ES512, by its curve; "
      "Ed25519 "
      "for EdDSA; with KID=, only for tokens with this kid; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = into(identity.public_keys, keys_in(detail::auth::read_public_key))});
  flags.define<std::string>(
      "token-jwks-file", "",
      "JSON Web Key Set with public keys of the issuer of tokens, by their kid; read at the start only",
      {.metavar = "FILE",
       .group = group,
       .callback = into(identity.key_set, [](const std::string& file) -> Result<detail::auth::KeySet> {
         auto given = parse_given(file);
         return given ? detail::auth::read_key_set(file) : tl::unexpected(given.error());
       })});
  flags.define<std::string>(
      "token-jwks-url", "",
      "https:// URL of such a set, fetched at the start and then every 10 minutes, or by its max-age; "
      "http:// "
      "only on this machine",
      {.metavar = "URL",
       .group = group,
       .callback = into(options.jwks_url, [](const std::string& url) -> Result<detail::http::FetchTarget> {
         auto given = parse_given(url);
         return given ? detail::http::parse_fetch_target(url) : tl::unexpected(given.error());
       })});
  flags.define<std::string>(
      "token-user-claim", options.tokens.user_claim,
      "claim that holds the user of a token; a claim other than sub may also be an integer",
      {.metavar = "NAME",
       .group = group,
       .callback = into(options.tokens.user_claim, parse_given<std::string>)});
  flags.define<std::string>(
      "token-audience", "", "value that the aud of every token must contain",
      {.group = group, .callback = into(options.tokens.audience, parse_given<std::string>)});
  flags.define<std::string>(
      "token-issuer", "", "value that the iss of every token must equal",
      {.group = group, .callback = into(options.tokens.issuer, parse_given<std::string>)});
  flags.define<std::chrono::milliseconds>(
      "token-leeway", options.tokens.leeway, "allowed clock difference for exp and nbf; at most 5m",
      {.group = group, .callback = into(options.tokens.leeway, parse_leeway)});
  define_name<bool>(
      flags, "single-connection", options.centrifuge.single_connection, {{"off", false}, {"on", true}},
      "on: a new connection of a user closes the user's earlier ones with 3504; guests may have "
      "several",
      {.metavar = "off|on", .group = group});
}

Result<> settle(IdentityFlags& identity, ServerConfig& options) {
  using detail::auth::ShortSecret;
  if (!identity.allows_short_secret) {
    if (auto checked = check_lengths(identity); !checked) return checked;
  }
  std::vector<detail::auth::TokenKey>& keys = options.tokens.keys;
  keys = std::move(identity.secrets);
  std::ranges::move(identity.public_keys, std::back_inserter(keys));
  if (!identity.secret.empty()) {
    auto key = detail::auth::hmac_key("", std::move(identity.secret), ShortSecret::allowed);
    if (!key) return failure("--token-hmac-secret: " + key.error().message);
    if (!identity.allows_short_secret && detail::auth::is_short_secret(*key))
      return failure(std::string("--token-hmac-secret: ") + short_secret);
    keys.push_back(std::move(*key));
  }
  if (std::ranges::find(keys, detail::auth::guest_kid, &detail::auth::TokenKey::id) != keys.end())
    return failure("the kid 'guest' is reserved for the server's own key: choose another kid");
  std::ranges::move(identity.key_set.keys, std::back_inserter(keys));
  options.skipped_keys = identity.key_set.skipped;
  const bool for_this_machine_alone =
      detail::is_loopback(options.address) && options.application.trusted_proxies.empty();
  options.anonymous = identity.anonymous.value_or(for_this_machine_alone);
  if (keys.empty() && !options.jwks_url && !options.anonymous) {
    return failure(
        "no client could connect: give a key that verifies tokens, such as --token-public-key, or allow "
        "clients without a token by --anonymous on");
  }
  return {};
}

}  // namespace coroom::server
