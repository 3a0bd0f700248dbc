#include "server/options.hpp"

#include "http/trusted_proxies.hpp"
#include "server/units.hpp"

#include <coroom/assets.hpp>
#include <coroom/options.hpp>
#include <coroom/version.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <thread>
#include <utility>

namespace coroom::server {
namespace {

using Strings = std::vector<std::string>;

const char* const about =
    "coroom " COROOM_VERSION
    ": rooms over WebSocket, in one binary\n\n"
    "Every option may also stand in the environment (COROOM_PORT for --port) or in the file of\n"
    "--config; the command line wins over the environment, and that over the file.\n\n"
    "Addresses served: / and /r/NAME (the chat page), /plain (one of a few lines), /chat?room=NAME\n"
    "(WebSocket, plain text), and the Centrifuge protocol at /connection/websocket, /connection/sse\n"
    "and /connection/http_stream.";

/// The callback of an option whose values go to `place`, which outlives the option.
template <class Value>
auto into(Value& place) {
  return [&place](const Value& value) -> Result<> {
    place = value;
    return {};
  };
}

/// The same with something that says what the value means, or that it is wrong.
template <class Value, class Parse>
auto into(Value& place, Parse parse) {
  return [&place, parse](const auto& value) -> Result<> {
    auto parsed = parse(value);
    if (!parsed) return tl::unexpected(parsed.error());
    place = std::move(*parsed);
    return {};
  };
}

/// Values that have names.
template <class Value>
auto one_of(std::vector<std::pair<std::string_view, Value>> names) {
  return [names = std::move(names)](const std::string& text) -> Result<Value> {
    std::string expected;
    for (const auto& [name, value] : names) {
      if (name == text) return value;
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    return failure("'" + text + "' is none of " + expected);
  };
}

Result<boost::asio::ip::address> parse_address(const std::string& value) {
  boost::system::error_code ec;
  auto address = boost::asio::ip::make_address(value == "localhost" ? "127.0.0.1" : value, ec);
  if (ec) return failure("'" + value + "' is not an IP address");
  return address;
}

Result<Strings> parse_networks(const Strings& networks) {
  return http::TrustedProxies::make(networks).map([&](const auto&) { return networks; });
}

Result<std::size_t> parse_threads(std::string_view value) {
  constexpr std::size_t most = 1024;
  auto threads = OptionType<std::size_t>::parse(value);
  if (threads && *threads >= 1 && *threads <= most) return threads;
  return failure("'" + std::string(value) + "' is not a number of threads from 1 to 1024");
}

Result<std::filesystem::path> parse_folder(const std::filesystem::path& folder) {
  if (folder.empty()) return failure("must name a folder");
  return folder;
}

/// For limits that would let nothing through if they were 0.
Result<std::size_t> parse_some_bytes(std::string_view value) {
  auto bytes = parse_bytes(value);
  if (bytes && *bytes == 0) return failure("must be more than 0");
  return bytes;
}

Result<int> parse_level(int level) {
  if (level < 1 || level > 9) return failure(std::to_string(level) + " is not a level from 1 to 9");
  return level;
}

Result<std::chrono::milliseconds> some_time(std::chrono::milliseconds time) {
  if (time.count() == 0) return failure("must be more than 0");
  return time;
}

void define_network(coroom::Options& flags, Options& options) {
  const std::string group = "Network";
  flags.define<std::uint16_t>("port", options.port, "TCP port; 0 picks a free one and prints it",
                              {.group = group, .callback = into(options.port)});
  flags.define<std::string>(
      "address", "127.0.0.1", "address to listen on; 0.0.0.0 or :: for all",
      {.metavar = "IP", .group = group, .callback = into(options.address, parse_address)});
  flags.define<std::string>(
      "threads", "", "shards, each a thread with connections and rooms of its own (default: cores)",
      {.metavar = "NUMBER", .group = group, .callback = into(options.threads, parse_threads)});
  flags.define<IoBackend>("io-backend", options.io_backend,
                          "how sends reach the kernel: epoll, io_uring, or auto: io_uring where there is one",
                          {.group = group, .callback = into(options.io_backend)});
  flags.define<Strings>(
      "trust-proxy", {},
      "take a client's address from X-Forwarded-For or X-Real-IP when its peer is in CIDR; repeatable",
      {.metavar = "CIDR", .group = group, .callback = into(options.trusted_proxies, parse_networks)});
}

void define_chat(coroom::Options& flags, Options& options) {
  const std::string group = "Chat";
  flags.define<Strings>(
      "allow-origin", {},
      "pages that may connect, such as https://example.org or https://*.example.org; * for all; repeatable "
      "(default: same host and port)",
      {.metavar = "ORIGIN",
       .group = group,
       .callback = into(options.allowed_origins, auth::OriginPolicy::make)});
  flags.define<std::filesystem::path>(
      "assets", {}, "serve the files of DIR in place of the page in the binary",
      {.metavar = "DIR", .group = group, .callback = into(options.assets, FolderAssets::check)});
  flags.define<std::size_t>(
      "announce-limit", options.announce_limit,
      "a room with more members no longer announces who enters and leaves; 0 never announces",
      {.metavar = "MEMBERS", .group = group, .callback = into(options.announce_limit)});
}

void define_tls(coroom::Options& flags, Options& options) {
  const std::string group = "TLS (https:// and wss:// in place of http:// and ws://)";
  flags.define<std::filesystem::path>(
      "tls-cert", {}, "the certificate in PEM, the chain behind it; SIGHUP reads it and the key again",
      {.metavar = "FILE", .group = group, .callback = into(options.tls_certificate)});
  flags.define<std::filesystem::path>("tls-key", {}, "its private key in PEM",
                                      {.metavar = "FILE", .group = group, .callback = into(options.tls_key)});
}

Result<> settle_tls(const Options& options) {
  if (options.tls_certificate.empty() == options.tls_key.empty()) return {};
  return options.tls_key.empty() ? failure("--tls-cert needs its key: --tls-key FILE")
                                 : failure("--tls-key needs its certificate: --tls-cert FILE");
}

/// What the flags of identity say, for settle() to put together.
struct IdentityFlags {
  std::string secret;
  std::vector<auth::TokenKey> secrets;
  std::vector<auth::TokenKey> public_keys;
  std::optional<bool> anonymous;
};

/// Each of the files is a key.
auto keys_in(Result<auth::TokenKey> (*read)(const std::string& file)) {
  return [read](const Strings& files) -> Result<std::vector<auth::TokenKey>> {
    std::vector<auth::TokenKey> keys;
    for (const std::string& file : files) {
      auto key = read(file);
      if (!key) return tl::unexpected(key.error());
      keys.push_back(std::move(*key));
    }
    return keys;
  };
}

void define_identity(coroom::Options& flags, Options& options, IdentityFlags& identity) {
  const std::string group = "Identity (tokens: docs/protocol.md)";
  flags.define<std::string>(
      "anonymous", "", "on: who brings no token may enter too (default: on at a loopback address, else off)",
      {.metavar = "off|on",
       .group = group,
       .callback = into(identity.anonymous, one_of<bool>({{"off", false}, {"on", true}}))});
  flags.define<std::string>("token-hmac-secret", "",
                            "what tokens are signed with by HS256, HS384 or HS512; everybody on the machine "
                            "sees the command line, so "
                            "rather COROOM_TOKEN_HMAC_SECRET or a file",
                            {.metavar = "SECRET", .group = group, .callback = into(identity.secret)});
  flags.define<Strings>("token-hmac-secret-file", {},
                        "the same from a file, with KID= for tokens of this kid alone; repeatable",
                        {.metavar = "[KID=]FILE",
                         .group = group,
                         .callback = into(identity.secrets, keys_in(auth::read_hmac_key))});
  flags.define<Strings>(
      "token-public-key", {},
      "a public key in PEM: RSA for RS256, RS384 and RS512, or EC for the one of ES256, ES384 and "
      "ES512 that goes with its curve; repeatable",
      {.metavar = "[KID=]FILE",
       .group = group,
       .callback = into(identity.public_keys, keys_in(auth::read_public_key))});
  flags.define<std::string>("token-audience", "", "has to be among the aud of every token",
                            {.group = group, .callback = into(options.tokens.audience)});
  flags.define<std::string>("token-issuer", "", "has to be the iss of every token",
                            {.group = group, .callback = into(options.tokens.issuer)});
}

/// What the command line says of the default rules wins over the file's [rooms].
struct RoomFlags {
  std::optional<std::size_t> history_size;
  std::optional<std::chrono::milliseconds> history_ttl;
  bool sqlite = false;
};

void define_rooms(coroom::Options& flags, Options& options, RoomFlags& rooms) {
  const std::string group = "Rooms (more of them, and namespaces, in the file of --config: docs/rooms.md)";
  const RoomOptions& usual = options.namespaces.others.options;
  flags.define<std::size_t>("history-size", usual.history_size, "publications that a room keeps; 0: none",
                            {.group = group, .callback = into(rooms.history_size)});
  flags.define<std::chrono::milliseconds>("history-ttl", usual.history_ttl, "how long it keeps each",
                                          {.group = group, .callback = into(rooms.history_ttl)});
  flags.define<std::string>(
      "broker", "memory", "where histories are: memory, or sqlite, which survives the process",
      {.metavar = "NAME",
       .group = group,
       .callback = into(rooms.sqlite, one_of<bool>({{"memory", false}, {"sqlite", true}}))});
  flags.define<std::filesystem::path>(
      "data", {}, "the folder of --broker sqlite; made if it is not there",
      {.metavar = "DIR", .group = group, .callback = into(options.data, parse_folder)});
  flags.define<std::string>(
      "history-memory", "256MiB",
      "that histories may take with --broker memory; beyond it, the largest lose their oldest",
      {.metavar = "BYTES", .group = group, .callback = into(options.history_memory, parse_some_bytes)});
  flags.define_section("rooms", [&options](const std::string& key, const std::string& value) {
    return options.namespaces.set(key, value);
  });
}

/// What the flags of a kind come to, together.
Result<> settle(IdentityFlags& identity, Options& options) {
  std::vector<auth::TokenKey>& keys = options.tokens.keys;
  keys = std::move(identity.secrets);
  std::ranges::move(identity.public_keys, std::back_inserter(keys));
  if (!identity.secret.empty()) {
    auto key = auth::hmac_key("", std::move(identity.secret));
    if (!key) return failure("--token-hmac-secret: " + key.error().message);
    keys.push_back(std::move(*key));
  }
  if (std::ranges::find(keys, auth::guest_kid, &auth::TokenKey::id) != keys.end())
    return failure("the kid 'guest' is of the server's own key, and of no other");
  options.anonymous = identity.anonymous.value_or(options.address.is_loopback());
  if (keys.empty() && !options.anonymous) {
    return failure(
        "nobody could enter without a key to check tokens with, such as --token-public-key, or --anonymous "
        "on, "
        "for everybody");
  }
  return {};
}

Result<> settle(const RoomFlags& rooms, Options& options) {
  RoomOptions& usual = options.namespaces.others.options;
  usual.history_size = rooms.history_size.value_or(usual.history_size);
  usual.history_ttl = rooms.history_ttl.value_or(usual.history_ttl);
  if (rooms.sqlite && !options.data) return failure("--broker sqlite needs a folder: --data DIR");
  if (!rooms.sqlite && options.data) return failure("--data is for --broker sqlite");
  return {};
}

void define_sizes(coroom::Options& flags, Options& options) {
  const std::string group = "Limits of size";
  flags.define<std::string>(
      "max-header-size", "16KiB", "of a request's line and fields; more is 431",
      {.metavar = "BYTES", .group = group, .callback = into(options.max_header_size, parse_some_bytes)});
  flags.define<std::string>(
      "max-url-size", "8KiB", "of a request's address; more is 414",
      {.metavar = "BYTES", .group = group, .callback = into(options.max_url_size, parse_some_bytes)});
  flags.define<std::string>(
      "max-body-size", "1MiB", "of a request's body; more is 413",
      {.metavar = "BYTES", .group = group, .callback = into(options.max_body_size, parse_some_bytes)});
  flags.define<std::string>(
      "max-message-size", "64KiB", "of one message; a longer one closes with 1009",
      {.metavar = "BYTES", .group = group, .callback = into(options.max_message_size, parse_some_bytes)});
  flags.define<std::string>(
      "queue-limit", "1MiB", "waiting for one session; beyond it the reader is slow",
      {.metavar = "BYTES", .group = group, .callback = into(options.queue_limit, parse_some_bytes)});
  const auto policy =
      one_of<SlowConsumer>({{"close", SlowConsumer::close}, {"drop-oldest", SlowConsumer::drop_oldest}});
  flags.define<std::string>(
      "slow-consumer", "close", "close: with code 3008; drop-oldest: it misses messages",
      {.metavar = "POLICY", .group = group, .callback = into(options.slow_consumer, policy)});
}

/// How much at a time, and a second. What 0 lifts is said of each.
void define_quotas(coroom::Options& flags, Options& options) {
  const std::string group = "Limits of how much (docs/limits.md)";
  const auto define = [&](const char* name, std::size_t& place, const char* help) {
    flags.define<std::size_t>(name, place, help, {.group = group, .callback = into(place)});
  };
  define("max-connections", options.max_connections, "beyond it, 503; 0: as many as file descriptors allow");
  define("max-address-connections", options.max_address_connections,
         "of one address, or one IPv6 network of 64 bits; beyond it, 429; 0: any number");
  define("max-address-rate", options.max_address_rate,
         "new connections of such an address a second, ten seconds' worth at once; beyond it, 429; 0: any "
         "number");
  flags.define<Strings>(
      "unlimited-network", options.unlimited_networks,
      "where those two do not hold, in place of this machine; repeatable",
      {.metavar = "CIDR", .group = group, .callback = into(options.unlimited_networks, parse_networks)});
  define("max-user-connections", options.max_user_connections,
         "of one user, as tokens name it; beyond it, 3504; 0: any number");
  define("max-subscriptions", options.max_subscriptions,
         "of one connection of the Centrifuge protocol; beyond it, error 106");
  define("max-rooms", options.max_rooms,
         "with somebody in them; beyond it, error 106 for who would open another");
  define(
      "message-rate", options.rate_limit.messages,
      "messages and commands of one connection a second, ten seconds' worth at once; beyond it, error 111, "
      "and for who goes on 3013 or 1008; 0: any number");
  flags.define<std::string>(
      "byte-rate", "1MiB", "the same of bytes",
      {.metavar = "BYTES", .group = group, .callback = into(options.rate_limit.bytes, parse_bytes)});
}

void define_compression(coroom::Options& flags, Options& options) {
  const std::string group = "Compression (permessage-deflate, once for all members of a room)";
  const auto on_or_off = one_of<bool>({{"off", false}, {"on", true}});
  flags.define<std::string>(
      "compression", "off", "on: for clients that offer it",
      {.metavar = "off|on", .group = group, .callback = into(options.compression, on_or_off)});
  flags.define<int>("compression-level", options.compressed.level, "1 (fast) to 9 (small)",
                    {.group = group, .callback = into(options.compressed.level, parse_level)});
  flags.define<std::string>(
      "compression-threshold", "64", "a shorter message is sent as it is",
      {.metavar = "BYTES", .group = group, .callback = into(options.compressed.threshold, parse_bytes)});
}

void define_times(coroom::Options& flags, Options& options) {
  using Time = std::chrono::milliseconds;
  const std::string group = "Times (such as 25s, 500ms, 2m)";
  flags.define<Time>(
      "ping-interval", options.ping_interval,
      "of silence before a ping; as long again without an answer ends the connection; 0 never pings",
      {.group = group, .callback = into(options.ping_interval)});
  flags.define<Time>("tls-timeout", options.tls_timeout, "for a TLS handshake",
                     {.group = group, .callback = into(options.tls_timeout, some_time)});
  flags.define<Time>("handshake-timeout", options.handshake_timeout,
                     "for a request, an upgrade, a closing handshake",
                     {.group = group, .callback = into(options.handshake_timeout, some_time)});
  flags.define<Time>("connect-timeout", options.connect_timeout,
                     "for the first command of the Centrifuge protocol; else 3502",
                     {.group = group, .callback = into(options.connect_timeout, some_time)});
  flags.define<Time>("message-timeout", options.message_timeout,
                     "for a message, from its first byte to its last; else 1008",
                     {.group = group, .callback = into(options.message_timeout, some_time)});
  flags.define<Time>("drain-timeout", options.drain_timeout, "for connections to finish at shutdown",
                     {.group = group, .callback = into(options.drain_timeout)});
}

void define_log(coroom::Options& flags, Options& options) {
  const std::string group = "Log (to standard error)";
  const auto level = one_of<log::Level>({{"debug", log::Level::debug},
                                         {"info", log::Level::info},
                                         {"warning", log::Level::warning},
                                         {"error", log::Level::error},
                                         {"off", log::Level::off}});
  const auto format = one_of<log::Format>({{"text", log::Format::text}, {"json", log::Format::json}});
  flags.define<std::string>("log-level", "info", "debug, info, warning, error, off",
                            {.metavar = "LEVEL", .group = group, .callback = into(options.log_level, level)});
  flags.define<std::string>(
      "log-format", "text", "text, or json: an object a line",
      {.metavar = "FORMAT", .group = group, .callback = into(options.log_format, format)});
}

void define_operations(coroom::Options& flags, Options& options) {
  flags.define<std::string>(
      "metrics-token", "",
      "who sends it as Authorization: Bearer may read /metrics from elsewhere; better in "
      "the environment or a file, where others do not see it",
      {.metavar = "TOKEN",
       .group = "Operations (/health for everybody, /metrics for this machine)",
       .callback = into(options.metrics_token)});
}

}  // namespace

Result<Command> parse_options(std::span<const char* const> arguments) {
  Options options;
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  coroom::Options flags(about, "coroom " COROOM_VERSION);
  const auto config = flags.define<std::string>(
      "config", "", "read options from FILE too, a line each: port = 8000", {.metavar = "FILE"});
  define_network(flags, options);
  define_tls(flags, options);
  define_chat(flags, options);
  IdentityFlags identity;
  define_identity(flags, options, identity);
  RoomFlags rooms;
  define_rooms(flags, options, rooms);
  define_compression(flags, options);
  define_sizes(flags, options);
  define_quotas(flags, options);
  define_times(flags, options);
  define_operations(flags, options);
  define_log(flags, options);

  const auto line = flags.parse_command_line(static_cast<int>(arguments.size()), arguments.data());
  if (!line) return tl::unexpected(line.error());
  if (!line->arguments.empty()) return failure("unexpected argument '" + line->arguments.front() + "'");
  if (line->notice) return Notice{*line->notice};
  auto rest = flags.parse_environment("COROOM_");
  if (rest && !config->empty()) rest = flags.parse_config_file(*config);
  if (rest) rest = settle_tls(options);
  if (rest) rest = settle(identity, options);
  if (rest) rest = settle(rooms, options);
  if (!rest) return tl::unexpected(rest.error());
  return options;
}

}  // namespace coroom::server
