#pragma once

#include "auth/jwt_verifier.hpp"
#include "auth/origin_policy.hpp"
#include "http/fetch_target.hpp"
#include "protocol/chat_lines.hpp"
#include "server/guest_pace.hpp"
#include "server/namespaces.hpp"

#include <coroom/broker.hpp>
#include <coroom/centrifuge.hpp>
#include <coroom/compression.hpp>
#include <coroom/error.hpp>
#include <coroom/log.hpp>
#include <coroom/room_options.hpp>
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

/// The configuration of the server: the settings of the library and those of the server's own. Flags set both
/// and take their defaults from here.
struct ServerConfig {
  std::string address = "localhost";  // an IP address or a host name
  std::uint16_t port = 8000;

  /// Networks in it are valid. parse_server_config() sets the number of threads to that of the processors.
  /// These defaults are stricter than those of the library, since the clients of the server are strangers.
  Settings application = {
      .limits = {.rate_limit = {.bytes = 64 * 1024},  // ten seconds' worth fits into a queue
                 .address_rate_limit = {.messages = 4000, .bytes = 1024 * 1024},
                 .room_byte_rate = 2 * 1024 * 1024,
                 .address_reply_rate = 4 * 1024 * 1024,
                 .address_delivery_rate = 50'000}};

  /// Its timeouts, limits, personal rooms and single_connection only: open_server() sets the rest.
  CentrifugeSettings centrifuge;

  detail::auth::OriginPolicy allowed_origins;
  detail::auth::TokenSettings tokens;
  std::optional<detail::http::FetchTarget> jwks_url;  // the key set of the issuer of tokens
  std::size_t skipped_keys = 0;                       // unusable ones of --token-jwks-file
  bool anonymous = true;                              // allows clients without a token
  std::optional<std::filesystem::path> assets;        // an existing folder
  detail::protocol::AddressLines chat_address = detail::protocol::AddressLines::show;
  GuestPace::Limits guest_rate;

  Namespaces namespaces;
  std::chrono::milliseconds broker_timeout = RoomOptions().broker_timeout;  // of all rooms
  std::size_t history_memory = default_history_memory;                      // bytes of the memory broker
  std::optional<std::filesystem::path> data;  // folder of the SQLite broker; none: memory broker

  std::string metrics_token;  // empty: there is none

  bool compression = false;
  CompressionOptions compressed;  // if compression is on

  std::vector<std::string> unknown_variables;  // COROOM_… variables of the environment without a flag
  std::vector<std::string> service_links;      // variables of flags that a container platform has set

  logging::Level log_level = logging::Level::info;
  logging::Format log_format = logging::Format::text;
  std::size_t log_rate = logging::default_rate;  // lines of one event a second
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
