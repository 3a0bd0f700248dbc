#include "server/identity_flags.hpp"

#include "auth/token_key.hpp"
#include "core/host.hpp"
#include "server/flag_values.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace coroom::server {
namespace {

/// Returns a parser that reads one key from each file.
auto keys_in(Result<detail::auth::TokenKey> (*read)(const std::string& file)) {
  return [read](const std::vector<std::string>& files) -> Result<std::vector<detail::auth::TokenKey>> {
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
       .callback = into(identity.secrets, keys_in(detail::auth::read_hmac_key))});
  flags.define<std::vector<std::string>>(
      "token-public-key", {},
      "public key in PEM: RSA for RS256, RS384 and RS512; EC for ES256, ES384 or ES512, by its curve; with "
      "KID=, only for tokens with this kid; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = into(identity.public_keys, keys_in(detail::auth::read_public_key))});
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
  std::vector<detail::auth::TokenKey>& keys = options.tokens.keys;
  keys = std::move(identity.secrets);
  std::ranges::move(identity.public_keys, std::back_inserter(keys));
  if (!identity.secret.empty()) {
    auto key = detail::auth::hmac_key("", std::move(identity.secret));
    if (!key) return failure("--token-hmac-secret: " + key.error().message);
    keys.push_back(std::move(*key));
  }
  if (std::ranges::find(keys, detail::auth::guest_kid, &detail::auth::TokenKey::id) != keys.end())
    return failure("the kid 'guest' is reserved for the server's own key: choose another kid");
  const bool for_this_machine_alone =
      detail::is_loopback(options.address) && options.application.trusted_proxies.empty();
  options.anonymous = identity.anonymous.value_or(for_this_machine_alone);
  if (keys.empty() && !options.anonymous) {
    return failure(
        "no client could connect: give a key that verifies tokens, such as --token-public-key, or allow "
        "clients without a token by --anonymous on");
  }
  return {};
}

}  // namespace coroom::server
