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

/// Each of the files is a key.
auto keys_in(Result<detail::auth::TokenKey> (*read)(const std::string& file)) {
  return [read](const std::vector<std::string>& files) -> Result<std::vector<detail::auth::TokenKey>> {
    std::vector<detail::auth::TokenKey> keys;
    if (files.empty()) return failure("is empty: give a file, or leave it out");
    for (const std::string& file : files) {
      auto key = read(file);
      if (!key) return tl::unexpected(key.error());
      keys.push_back(std::move(*key));
    }
    return keys;
  };
}

Result<std::chrono::milliseconds> parse_leeway(std::chrono::milliseconds leeway) {
  if (leeway > std::chrono::minutes(5)) return failure("must be 5m at most");
  return leeway;
}

}  // namespace

void define_identity(coroom::Options& flags, Options& options, IdentityFlags& identity) {
  const std::string group = "Identity (tokens: docs/protocol.md)";
  flags.define<std::string>(
      "anonymous", "",
      "on: who brings no token may enter too (default: on at a loopback address that no --trust-proxy hands "
      "on to others, else off)",
      {.metavar = "off|on",
       .group = group,
       .callback = into(identity.anonymous, one_of<bool>({{"off", false}, {"on", true}}))});
  flags.define<std::string>("token-hmac-secret", "",
                            "what tokens are signed with by HS256, HS384 or HS512; everybody on the machine "
                            "sees the command line, so "
                            "rather COROOM_TOKEN_HMAC_SECRET or a file",
                            {.metavar = "SECRET",
                             .group = group,
                             .secret = true,
                             .callback = into(identity.secret, parse_given<std::string>)});
  flags.define<std::vector<std::string>>(
      "token-hmac-secret-file", {},
      "the same from a file, with KID= for tokens of this kid alone; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = into(identity.secrets, keys_in(detail::auth::read_hmac_key))});
  flags.define<std::vector<std::string>>(
      "token-public-key", {},
      "a public key in PEM: RSA for RS256, RS384 and RS512, or EC for the one of ES256, ES384 and "
      "ES512 that goes with its curve; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = into(identity.public_keys, keys_in(detail::auth::read_public_key))});
  flags.define<std::string>(
      "token-audience", "", "has to be among the aud of every token",
      {.group = group, .callback = into(options.tokens.audience, parse_given<std::string>)});
  flags.define<std::string>(
      "token-issuer", "", "has to be the iss of every token",
      {.group = group, .callback = into(options.tokens.issuer, parse_given<std::string>)});
  flags.define<std::chrono::milliseconds>(
      "token-leeway", options.tokens.leeway,
      "that the clocks of who makes tokens may differ by, for exp and nbf; 5m at most",
      {.group = group, .callback = into(options.tokens.leeway, parse_leeway)});
}

Result<> settle(IdentityFlags& identity, Options& options) {
  std::vector<detail::auth::TokenKey>& keys = options.tokens.keys;
  keys = std::move(identity.secrets);
  std::ranges::move(identity.public_keys, std::back_inserter(keys));
  if (!identity.secret.empty()) {
    auto key = detail::auth::hmac_key("", std::move(identity.secret));
    if (!key) return failure("--token-hmac-secret: " + key.error().message);
    keys.push_back(std::move(*key));
  }
  if (std::ranges::find(keys, detail::auth::guest_kid, &detail::auth::TokenKey::id) != keys.end())
    return failure("the kid 'guest' is of the server's own key, and of no other");
  const bool for_this_machine_alone = is_loopback(options.address) && options.trusted_proxies.empty();
  options.anonymous = identity.anonymous.value_or(for_this_machine_alone);
  if (keys.empty() && !options.anonymous) {
    return failure(
        "nobody could enter without a key to check tokens with, such as --token-public-key, or --anonymous "
        "on, for everybody");
  }
  return {};
}

}  // namespace coroom::server
