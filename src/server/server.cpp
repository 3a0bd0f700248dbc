#include "server/server.hpp"

#include "server/chat.hpp"
#include "server/embedded.hpp"
#include "server/operations.hpp"
#include "storage/sqlite_broker.hpp"
#include "storage/sqlite_rulings.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/static_file_handler.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace coroom::server {
namespace {

// Our own page needs no script, style, frame or connection but those of this server.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

constexpr const char* every_path = "/.*";

Route page_route(const Options& options) {
  std::shared_ptr<const AssetSource> files;
  if (!options.assets) {
    files = std::make_shared<const EmbeddedAssets>(embedded_files());
    return route<StaticFileHandler>(every_path, files, std::string(page_policy));
  }
  files = std::make_shared<const FolderAssets>(*options.assets);
  // Somebody else's page may bring a policy of its own, in a meta element.
  return route<StaticFileHandler>(every_path, files, std::string());
}

Settings settings_of(const Options& options, const Clock& clock) {
  Settings settings;
  settings.threads = options.threads;
  settings.io_backend = options.io_backend;
  settings.tls_certificate = options.tls_certificate;
  settings.tls_key = options.tls_key;
  settings.trusted_proxies = options.trusted_proxies;
  settings.max_message_size = options.max_message_size;
  settings.queue_limit = options.queue_limit;
  settings.slow_consumer = options.slow_consumer;
  settings.rate_limit = options.rate_limit;
  settings.max_connections = options.max_connections;
  settings.max_address_connections = options.max_address_connections;
  settings.max_address_rate = options.max_address_rate;
  settings.unlimited_networks = options.unlimited_networks;
  settings.max_user_connections = options.max_user_connections;
  settings.max_rooms = options.max_rooms;
  settings.max_header_size = options.max_header_size;
  settings.max_target_size = options.max_url_size;
  settings.max_body_size = options.max_body_size;
  settings.ping_interval = options.ping_interval;
  settings.message_timeout = options.message_timeout;
  settings.tls_timeout = options.tls_timeout;
  settings.handshake_timeout = options.handshake_timeout;
  settings.drain_timeout = options.drain_timeout;
  settings.announce_limit = options.announce_limit;
  settings.clock = &clock;
  return settings;
}

/// None where no key is there to check tokens with.
std::shared_ptr<const TokenVerifier> token_verifier(const Options& options, const Clock& clock) {
  if (options.tokens.keys.empty()) return nullptr;
  return std::make_shared<const auth::JwtVerifier>(options.tokens, clock);
}

CentrifugeSettings centrifuge_settings(const Options& options,
                                       const std::shared_ptr<const Namespaces>& namespaces,
                                       const std::optional<CompressionOptions>& compression,
                                       std::shared_ptr<const TokenVerifier> tokens) {
  CentrifugeSettings settings;
  settings.rules = [namespaces](std::string_view room) -> const RoomRules& {
    return namespaces->of(room).rules;
  };
  settings.check_origin = [origins = options.allowed_origins](const Request& request) {
    return origins.allows(request);
  };
  settings.compression = compression;
  settings.tokens = std::move(tokens);
  settings.anonymous = options.anonymous;
  settings.refresh_grace = options.refresh_grace;
  settings.connect_timeout = options.connect_timeout;
  settings.max_subscriptions = options.max_subscriptions;
  settings.ping_interval = options.ping_interval;
  settings.pong_timeout = std::min(settings.pong_timeout, options.ping_interval / 2);
  return settings;
}

}  // namespace

Result<std::unique_ptr<Application>> open_server(const Options& options, const Clock& clock) {
  const auto namespaces = std::make_shared<const Namespaces>(options.namespaces);
  const auto compression =
      options.compression ? std::optional<CompressionOptions>(options.compressed) : std::nullopt;
  const auto tokens = token_verifier(options, clock);
  std::vector<Route> routes =
      centrifuge_routes(centrifuge_settings(options, namespaces, compression, tokens));
  std::ranges::move(operations_routes(options.metrics_token), std::back_inserter(routes));
  routes.push_back(chat_route({namespaces, options.allowed_origins, compression, tokens, options.anonymous}));
  routes.push_back(page_route(options));
  Settings settings = settings_of(options, clock);
  if (options.data) {
    auto broker = storage::open_sqlite_broker(*options.data, clock);
    if (!broker) return tl::unexpected(broker.error());
    settings.broker = std::move(*broker);
    auto rulings = storage::open_sqlite_rulings(*options.data, clock);
    if (!rulings) return tl::unexpected(rulings.error());
    settings.moderation = std::make_shared<Moderation>(clock, std::move(*rulings));
  }
  if (!settings.broker) settings.broker = make_memory_broker(clock, options.history_memory);
  settings.room_options = [namespaces](std::string_view room) { return namespaces->of(room).options; };
  auto server = std::make_unique<Application>(std::move(routes), std::move(settings));
  auto listening = server->listen(options.port, options.address.to_string());
  if (!listening) return tl::unexpected(listening.error());
  return server;
}

}  // namespace coroom::server
