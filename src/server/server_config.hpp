#pragma once

#include "auth/jwt_verifier.hpp"
#include "auth/origin_policy.hpp"
#include "protocol/chat_lines.hpp"
#include "server/guest_pace.hpp"
#include "server/namespaces.hpp"

#include <coroom/compression.hpp>
#include <coroom/error.hpp>
#include <coroom/log.hpp>
#include <coroom/settings.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace coroom::server {

/// The configuration of the server. The defaults are those of --help.
struct ServerConfig {
  std::string address = "localhost";  // an IP address or a host name
  std::uint16_t port = 8000;
  std::size_t threads = 1;  // parse_server_config() sets it to the number of processors
  IoBackend io_backend = IoBackend::automatic;
  std::filesystem::path tls_certificate;  // empty, like tls_key, without TLS
  std::filesystem::path tls_key;
  std::vector<std::string> trusted_proxies;  // valid addresses and networks
  detail::auth::OriginPolicy allowed_origins;
  detail::auth::TokenSettings tokens;
  bool anonymous = true;                            // allows clients without a token
  std::chrono::milliseconds refresh_grace{25'000};  // has no flag
  std::optional<std::filesystem::path> assets;      // an existing folder
  detail::protocol::AddressLines chat_address = detail::protocol::AddressLines::show;
  std::size_t announce_limit = 1000;
  Namespaces namespaces;
  std::size_t history_memory = std::size_t{256} << 20;  // bytes of the memory broker
  std::optional<std::filesystem::path> data;            // folder of the SQLite broker; none: memory broker

  std::string metrics_token;  // empty: there is none

  bool compression = false;
  CompressionOptions compressed;  // if compression is on

  std::size_t max_message_size = 64 * 1024;
  std::size_t queue_limit = 1024 * 1024;
  SlowConsumer slow_consumer = SlowConsumer::close;
  RateLimit rate_limit{.messages = 200, .bytes = 64 * 1024};  // ten seconds' worth fits into a queue
  GuestPace::Limits guest_rate;
  std::size_t max_connections = 0;  // 0: as many as file descriptors allow
  std::size_t max_address_connections = 2000;
  std::size_t max_address_rate = 200;
  RateLimit address_rate_limit{.messages = 4000, .bytes = 1024 * 1024};
  std::size_t room_byte_rate = 2 * 1024 * 1024;
  std::size_t max_address_rooms = 5000;
  std::size_t reply_rate = 1024 * 1024;
  std::size_t address_reply_rate = 4 * 1024 * 1024;
  std::size_t address_delivery_rate = 50'000;
  std::size_t address_queue_limit = std::size_t{64} << 20;
  std::size_t total_queue_limit = std::size_t{512} << 20;
  std::vector<std::string> unlimited_networks = {"127.0.0.0/8", "::1"};  // valid networks
  std::size_t max_user_connections = 100;
  std::size_t max_subscriptions = 128;
  std::size_t max_rooms = 100'000;
  std::size_t max_header_size = 16 * 1024;
  std::size_t max_url_size = 8 * 1024;
  std::size_t max_body_size = 1024 * 1024;
  std::size_t address_body_memory = std::size_t{8} << 20;
  std::size_t body_memory = std::size_t{64} << 20;

  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds message_timeout{60'000};
  std::chrono::milliseconds tls_timeout{10'000};
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds broker_timeout{5'000};
  std::chrono::milliseconds keep_alive_timeout{75'000};
  std::chrono::milliseconds drain_timeout{8'000};

  std::vector<std::string> unknown_variables;  // COROOM_… variables of the environment without a flag
  std::vector<std::string> service_links;      // variables of flags that a container platform has set

  logging::Level log_level = logging::Level::info;
  logging::Format log_format = logging::Format::text;
  std::size_t log_rate = 20;  // lines of one event a second
};

/// Text to print instead of running: --help or --version.
struct Notice {
  std::string text;
};

using ParsedArguments = std::variant<ServerConfig, Notice>;

/// Reads the command line, the environment (COROOM_PORT for --port) and the file of --config, in this order
/// of precedence. The error is one line that names the wrong flag, its value and where it is set.
Result<ParsedArguments> parse_server_config(std::span<const char* const> arguments);

}  // namespace coroom::server
