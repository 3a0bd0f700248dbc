#include "server/server.hpp"

#include "auth/guest_tokens.hpp"
#include "auth/jwks_source.hpp"
#include "protocol/chat_message.hpp"
#include "server/chat.hpp"
#include "server/chat_rules.hpp"
#include "server/embedded.hpp"
#include "server/guests.hpp"
#include "server/operations.hpp"
#include "server/room_list.hpp"
#include "server/room_rule.hpp"
#include "storage/kept_rooms.hpp"
#include "storage/kept_secret.hpp"
#include "storage/sqlite_broker.hpp"
#include "storage/sqlite_restrictions.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/log.hpp>
#include <coroom/static_file_handler.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace coroom::server {
namespace {

// The built-in page needs only scripts, styles and connections of this server. The page has the same policy
// in a meta element (assets/build.mjs), for the case that another server serves it.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; ";

/// Returns the routes of the page, and a last route for all other files.
std::vector<Route> page_routes(const ServerConfig& options) {
  std::shared_ptr<const AssetSource> files;
  std::string policy;
  if (options.assets) {
    files = std::make_shared<const FolderAssets>(*options.assets);
  } else {
    files = std::make_shared<const EmbeddedAssets>(embedded_files());
    policy = page_policy;
  }
  // A page cannot set this directive itself (CSP Level 3 section 3.3). A custom page sets the others in a
  // meta element.
  policy += "frame-ancestors " + options.allowed_origins.policy_sources();
  return {route<StaticFileHandler>("/r(?:/.*)?", files, policy, std::string("/index.html")),
          route<StaticFileHandler>("/plain", files, policy, std::string("/plain.html")),
          route<StaticFileHandler>("/.*", files, policy)};
}

/// Returns the issuer of guest tokens; nullptr if clients need a token. With --data its key survives a
/// restart.
Result<std::shared_ptr<const detail::auth::GuestTokens>> guest_tokens(const ServerConfig& options,
                                                                      const Clock& clock) {
  if (!options.anonymous) return nullptr;
  std::string secret = detail::auth::GuestTokens::new_secret();
  if (options.data) {
    auto kept = detail::storage::keep_secret(*options.data / "guest.key", secret);
    if (!kept) return tl::unexpected(kept.error());
    // A token would reveal a short key to an attacker who tries all keys.
    auto checked = detail::auth::hmac_key("", std::move(*kept));
    if (!checked) return failure((*options.data / "guest.key").string() + ": " + checked.error().message);
    secret = std::move(checked->material);
  }
  return std::make_shared<const detail::auth::GuestTokens>(std::move(secret), options.tokens.audience,
                                                           options.tokens.issuer, clock);
}

/// Logs settings about tokens that an operator should know of.
void report_token_settings(const ServerConfig& options) {
  if (std::ranges::any_of(options.tokens.keys, detail::auth::is_short_secret))
    logging::warning("a secret of tokens is short: an attacker with one token can find it by trying");
  if (options.skipped_keys != 0)
    logging::warning("keys of --token-jwks-file skipped: they verify no tokens",
                     {{"skipped", options.skipped_keys}});
}

/// Returns nullptr if there is no key to verify tokens with. Fetches a key set in the background.
std::shared_ptr<const TokenVerifier> token_verifier(const ServerConfig& options,
                                                    const detail::auth::GuestTokens* guests,
                                                    const Clock& clock) {
  report_token_settings(options);
  detail::auth::TokenSettings settings = options.tokens;
  if (guests != nullptr) settings.keys.push_back(guests->key());
  if (settings.keys.empty() && !options.jwks_url) return nullptr;
  std::shared_ptr<const detail::auth::IssuerKeys> issuer;
  if (options.jwks_url) issuer = std::make_shared<const detail::auth::JwksSource>(*options.jwks_url);
  return std::make_shared<const detail::auth::JwtVerifier>(std::move(settings), clock, std::move(issuer));
}

/// Returns the error for a client of the Centrifuge protocol.
CentrifugeError error_for(RoomFault fault) {
  if (fault.kind == RoomFault::Kind::unknown_namespace) return centrifuge_errors::unknown_channel;
  return {.code = centrifuge_errors::bad_request.code, .message = std::move(fault.message)};
}

CentrifugeSettings centrifuge_settings(const ServerConfig& options,
                                       const std::shared_ptr<const Namespaces>& namespaces,
                                       const std::optional<CompressionOptions>& compression,
                                       std::shared_ptr<const TokenVerifier> tokens,
                                       std::shared_ptr<GuestPace> pace) {
  CentrifugeSettings settings = options.centrifuge;
  settings.rules = [namespaces](std::string_view room) { return namespaces->of(room).rules; };
  settings.check_origin = [origins = options.allowed_origins](const Request& request) {
    return origins.allows(request);
  };
  settings.compression = compression;
  settings.tokens = std::move(tokens);
  settings.on_publish = [pace = std::move(pace)](CentrifugePublication publication) {
    return check_chat_message(std::move(publication), pace);
  };
  settings.check_room = [namespaces](std::string_view room) {
    return check_room(*namespaces, room).map_error(error_for);
  };
  // The page disables its input field early, so that a user does not write in vain.
  settings.subscribe_data = [namespaces](std::string_view room, const ClientInfo& client_info) {
    const bool may_publish = namespaces->of(room).rules.publish.allows(client_info.is_anonymous(), true);
    return std::string(may_publish ? "" : R"({"publish":false})");
  };
  settings.connect_data = boost::json::serialize(
      boost::json::object{{"limits",
                           {{"message_size", options.application.limits.max_message_size},
                            {"text_size", detail::protocol::longest_text}}}});
  settings.anonymous = options.anonymous;
  settings.ping_interval = options.application.timeouts.ping_interval;
  settings.pong_timeout = std::min(settings.pong_timeout, settings.ping_interval / 2);
  return settings;
}

/// A name that an earlier version or configuration accepted, and this one rejects, leaves a history that no
/// client can read.
Result<> report_lost_rooms(const std::filesystem::path& folder, const Namespaces& namespaces) {
  constexpr std::size_t most_named = 10;
  std::size_t lost = 0;
  auto looked = detail::storage::for_each_kept_room(folder, [&](std::string_view name) {
    const auto taken = check_room(namespaces, name);
    if (!taken && ++lost <= most_named)
      logging::warning("a room with a history has an invalid name: no client can join it",
                       {{"room", name}, {"cause", taken.error().message}});
  });
  if (lost > most_named)
    logging::warning("rooms with a history have invalid names: no client can join them", {{"count", lost}});
  return looked;
}

}  // namespace

Result<std::unique_ptr<Application>> open_server(const ServerConfig& options, const Clock& clock) {
  Settings settings = options.application;
  settings.clock = {std::shared_ptr<void>(), &clock};  // it outlives the application
  if (options.data) {
    auto broker = detail::storage::open_sqlite_broker(*options.data, clock);
    if (!broker) return tl::unexpected(broker.error());
    settings.broker = std::move(*broker);
    if (auto looked = report_lost_rooms(*options.data, options.namespaces); !looked)
      return tl::unexpected(looked.error());
    auto restrictions = detail::storage::open_sqlite_restrictions(*options.data, clock);
    if (!restrictions) return tl::unexpected(restrictions.error());
    settings.moderation = std::make_shared<Moderation>(clock, std::move(*restrictions));
  }
  if (!settings.broker) settings.broker = make_memory_broker(clock, options.history_memory);
  const auto namespaces = std::make_shared<const Namespaces>(options.namespaces);
  settings.room_options = [namespaces, timeout = options.broker_timeout](std::string_view room) {
    RoomOptions of_room = namespaces->of(room).options;
    of_room.broker_timeout = timeout;
    return of_room;
  };
  const auto guests = guest_tokens(options, clock);  // in the folder that the broker has made and locked
  if (!guests) return tl::unexpected(guests.error());
  const auto tokens = token_verifier(options, guests->get(), clock);
  const auto compression =
      options.compression ? std::optional<CompressionOptions>(options.compressed) : std::nullopt;

  auto unlimited = parse_networks(options.application.limits.unlimited_networks);
  if (!unlimited) return tl::unexpected(unlimited.error());
  const auto pace = std::make_shared<GuestPace>(options.guest_rate, std::move(*unlimited));
  std::vector<Route> routes =
      centrifuge_routes(centrifuge_settings(options, namespaces, compression, tokens, pace));
  const auto add = [&routes](std::vector<Route> more) {
    std::ranges::move(more, std::back_inserter(routes));
  };
  add(operations_routes(options.metrics_token));
  routes.push_back(chat_route({namespaces, options.allowed_origins, compression, tokens, options.anonymous,
                               pace, options.chat_address}));
  routes.push_back(guest_route(*guests, options.allowed_origins));
  routes.push_back(room_list_route(namespaces, options.anonymous, options.allowed_origins));
  add(page_routes(options));
  auto server = std::make_unique<Application>(std::move(routes), std::move(settings));
  auto listening = server->listen(options.port, options.address);
  if (!listening) return tl::unexpected(listening.error());
  return server;
}

}  // namespace coroom::server
