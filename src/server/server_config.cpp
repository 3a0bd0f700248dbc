#include "server/server_config.hpp"

#include "core/host.hpp"
#include "core/processors.hpp"
#include "core/setting_value.hpp"
#include "server/flag_values.hpp"
#include "server/identity_flags.hpp"
#include "server/limit_flags.hpp"
#include "server/room_flags.hpp"

#include <coroom/assets.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/version.hpp>

#include <iterator>
#include <string_view>
#include <utility>

namespace coroom::server {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* variable_prefix = "COROOM_";

const char* const about =
    "coroom " COROOM_VERSION
    ": a server for rooms over WebSocket, in one binary\n\n"
    "Each option may also be set in the environment (COROOM_PORT for --port) or in the file of --config.\n"
    "The command line takes precedence over the environment, and the environment over the file.\n"
    "A repeatable option also accepts a list separated by commas. A time is 500ms, 10s, 2m, 1h30m or 1d;\n"
    "a plain number is in seconds.\n\n"
    "Paths served: / and /r/NAME (the chat page), /plain (a page of a few lines), /chat?room=NAME\n"
    "(WebSocket, plain text), and the Centrifuge protocol at /connection/websocket, /connection/sse\n"
    "and /connection/http_stream, and one-way at /connection/uni_websocket, /connection/uni_sse and\n"
    "/connection/uni_http_stream.";

Result<std::string> parse_address(const std::string& value) {
  return detail::check_host_name(value).map([&] { return value; });
}

Result<std::size_t> parse_threads(std::string_view value) {
  constexpr std::size_t most = 1024;
  auto threads = OptionType<std::size_t>::parse(value);
  if (threads && *threads >= 1 && *threads <= most) return threads;
  return failure("'" + std::string(value) + "' is not a number of threads from 1 to 1024");
}

void define_network(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group = "Network";
  flags.define<std::uint16_t>("port", options.port, "TCP port; 0 picks a free port and prints it",
                              {.group = group, .callback = into(options.port)});
  flags.define<std::string>(
      "address", options.address,
      "IP address or host name to listen on; localhost is 127.0.0.1 and ::1, 0.0.0.0 or :: is all addresses",
      {.metavar = "HOST", .group = group, .callback = into(options.address, parse_address)});
  flags.define<std::string>(
      "threads", "",
      "number of shards: threads with their own connections and rooms (default: the processors that the "
      "process may use, within the quota of its cgroup)",
      {.metavar = "NUMBER", .group = group, .callback = into(options.application.threads, parse_threads)});
  flags.define<IoBackend>(
      "io-backend", options.application.io_backend,
      "system interface for sends: epoll, io_uring, or auto: io_uring where it is available",
      {.group = group, .callback = into(options.application.io_backend)});
  flags.define<Strings>(
      "trust-proxy", {},
      "take a client's address from X-Forwarded-For or X-Real-IP when its peer is in CIDR; repeatable",
      {.metavar = "CIDR",
       .group = group,
       .callback = into(options.application.trusted_proxies, checked_networks)});
}

void define_chat(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group = "Chat";
  flags.define<Strings>(
      "allow-origin", {},
      "origins of pages that may connect and may embed the page in a frame, such as https://example.org, "
      "https://*.example.org, app://NAME or null; * for all; repeatable (default: same host and port)",
      {.metavar = "ORIGIN",
       .group = group,
       .callback = into(options.allowed_origins, detail::auth::OriginPolicy::make)});
  flags.define<std::filesystem::path>(
      "assets", {}, "serve the files of DIR instead of the page in the binary",
      {.metavar = "DIR", .group = group, .callback = into(options.assets, FolderAssets::check)});
  using Addresses = detail::protocol::AddressLines;
  define_name<Addresses>(
      flags, "chat-address", options.chat_address, {{"show", Addresses::show}, {"hide", Addresses::hide}},
      "hide: lines of /chat show a short id instead of the sender's address, as they always do for users of "
      "the page",
      {.metavar = "show|hide", .group = group});
  flags.define<std::size_t>(
      "announce-limit", options.application.limits.announce_limit,
      "a room with more members no longer announces joins and leaves; 0 never announces",
      {.metavar = "MEMBERS", .group = group, .callback = into(options.application.limits.announce_limit)});
}

void define_tls(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group = "TLS (serves https:// and wss:// instead of http:// and ws://)";
  flags.define<std::filesystem::path>(
      "tls-cert", {}, "certificate in PEM, followed by its chain; SIGHUP reloads it and the key",
      {.metavar = "FILE",
       .group = group,
       .callback = into(options.application.tls.certificate, parse_given<std::filesystem::path>)});
  flags.define<std::filesystem::path>(
      "tls-key", {}, "private key of the certificate in PEM",
      {.metavar = "FILE",
       .group = group,
       .callback = into(options.application.tls.key, parse_given<std::filesystem::path>)});
}

Result<> settle_tls(const ServerConfig& options) {
  if (options.application.tls.certificate.empty() == options.application.tls.key.empty()) return {};
  return options.application.tls.key.empty() ? failure("--tls-cert needs its key: --tls-key FILE")
                                             : failure("--tls-key needs its certificate: --tls-cert FILE");
}

void define_log(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group = "Log (to standard error)";
  define_name<logging::Level>(flags, "log-level", options.log_level,
                              {{"debug", logging::Level::debug},
                               {"info", logging::Level::info},
                               {"warning", logging::Level::warning},
                               {"error", logging::Level::error},
                               {"off", logging::Level::off}},
                              "debug, info, warning, error or off", {.metavar = "LEVEL", .group = group});
  define_name<logging::Format>(flags, "log-format", options.log_format,
                               {{"text", logging::Format::text}, {"json", logging::Format::json}},
                               "text, or json: one object per line", {.metavar = "FORMAT", .group = group});
  flags.define<std::size_t>("log-rate", options.log_rate,
                            "lines of one event per second, with a burst of ten seconds' worth; one address "
                            "may cause a quarter of them; further lines are only counted; 0: unlimited",
                            {.metavar = "LINES", .group = group, .callback = into(options.log_rate)});
}

Result<int> parse_level(int level) {
  if (level < 1 || level > 9) return failure(std::to_string(level) + " is not a level from 1 to 9");
  return level;
}

void define_compression(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group =
      "Compression (permessage-deflate; a message is compressed once for all members of a room)";
  define_name<bool>(flags, "compression", options.compression, {{"off", false}, {"on", true}},
                    "on: compress for clients that offer it", {.metavar = "off|on", .group = group});
  flags.define<int>("compression-level", options.compressed.level,
                    "compression level, from 1 (fast) to 9 (small)",
                    {.group = group, .callback = into(options.compressed.level, parse_level)});
  define_bytes(flags, "compression-threshold", options.compressed.threshold,
               "shorter messages are sent uncompressed", group);
}

void define_operations(coroom::OptionParser& flags, ServerConfig& options) {
  flags.define<std::string>(
      "metrics-token", "",
      "bearer token for requests to /metrics from other machines; all users of this machine can read the "
      "command line, so prefer COROOM_METRICS_TOKEN or the file of --config",
      {.metavar = "TOKEN",
       .group = "Operations (/health is public, /metrics is for this machine)",
       .secret = true,
       .callback = into(options.metrics_token, parse_given<std::string>)});
}

}  // namespace

Result<ParsedArguments> parse_server_config(std::span<const char* const> arguments) {
  ServerConfig options;
  options.application.threads = detail::available_processors();
  coroom::OptionParser flags(about, "coroom " COROOM_VERSION);
  std::filesystem::path config;
  flags.define<std::filesystem::path>(
      "config", {}, "read options from FILE too, one per line: port = 8000",
      {.metavar = "FILE", .callback = into(config, parse_given<std::filesystem::path>)});
  define_network(flags, options);
  define_tls(flags, options);
  define_chat(flags, options);
  IdentityFlags identity;
  define_identity(flags, options, identity);
  RoomFlags rooms;
  define_rooms(flags, options, rooms);
  define_compression(flags, options);
  define_limits(flags, options);
  define_operations(flags, options);
  define_log(flags, options);

  const auto line = flags.parse_command_line(static_cast<int>(arguments.size()), arguments.data());
  if (!line) return tl::unexpected(line.error());
  if (!line->arguments.empty())
    return failure("unexpected argument '" + detail::printable(line->arguments.front()) + "'");
  if (line->notice) return Notice{*line->notice};
  options.unknown_variables = flags.unknown_variables(variable_prefix);
  options.service_links = flags.service_links(variable_prefix);
  auto rest = flags.parse_environment(variable_prefix);
  if (rest && !config.empty()) rest = flags.parse_config_file(config);
  if (rest) rest = settle_tls(options);
  if (rest) rest = settle(identity, options);
  if (rest) rest = settle(rooms, options);
  if (!rest) return tl::unexpected(rest.error());
  return options;
}

}  // namespace coroom::server
