#include "server/server_config.hpp"

#include "server/units.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

namespace coroom::server {
namespace {
using namespace std::chrono_literals;
using test::ConfigFile;
using test::Variable;
using testing::HasSubstr;

Result<ParsedArguments> parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "coroom");
  return parse_server_config(flags);
}

ServerConfig options_of(const std::vector<const char*>& flags) {
  auto command = parse(flags);
  EXPECT_TRUE(command) << (command ? "" : command.error().message);
  return command ? std::get<ServerConfig>(*command) : ServerConfig{};
}

std::string upper(std::string name) {
  for (char& letter : name) letter = letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
  return name;
}

std::string error_of(const std::vector<const char*>& flags) {
  const auto command = parse(flags);
  return command ? "no error" : command.error().message;
}

TEST(ServerConfig, HasTheDocumentedDefaults) {
  const ServerConfig options = options_of({});
  const ServerConfig written;
  EXPECT_EQ(options.port, written.port);
  EXPECT_EQ(options.address, written.address);
  EXPECT_GE(options.application.threads, 1);
  EXPECT_EQ(options.application.limits.announce_limit, written.application.limits.announce_limit);
  EXPECT_EQ(options.application.limits.max_message_size, written.application.limits.max_message_size);
  EXPECT_EQ(options.application.limits.queue_limit, written.application.limits.queue_limit);
  EXPECT_EQ(options.application.limits.slow_consumer, written.application.limits.slow_consumer);
  EXPECT_EQ(options.application.io_backend, written.application.io_backend);
  EXPECT_EQ(options.compression, written.compression);
  EXPECT_EQ(options.compressed.level, written.compressed.level);
  EXPECT_EQ(options.compressed.threshold, written.compressed.threshold);
  EXPECT_EQ(options.application.timeouts.ping_interval, written.application.timeouts.ping_interval);
  EXPECT_EQ(options.application.timeouts.handshake_timeout, written.application.timeouts.handshake_timeout);
  EXPECT_EQ(options.broker_timeout, written.broker_timeout);
  EXPECT_EQ(options.application.limits.reply_rate, written.application.limits.reply_rate);
  EXPECT_EQ(options.application.limits.address_reply_rate, written.application.limits.address_reply_rate);
  EXPECT_EQ(options.application.limits.address_delivery_rate,
            written.application.limits.address_delivery_rate);
  EXPECT_EQ(options.application.limits.address_queue_limit, written.application.limits.address_queue_limit);
  EXPECT_EQ(options.application.limits.total_queue_limit, written.application.limits.total_queue_limit);
  EXPECT_EQ(options.application.timeouts.drain_timeout, written.application.timeouts.drain_timeout);
  EXPECT_LT(options.application.timeouts.drain_timeout, 10s) << "docker stop kills after ten seconds";
  EXPECT_EQ(options.application.timeouts.keep_alive_timeout, written.application.timeouts.keep_alive_timeout);
  EXPECT_GT(options.application.timeouts.keep_alive_timeout, 60s)
      << "load balancers keep idle connections so long";
  EXPECT_EQ(options.log_rate, written.log_rate);
}

TEST(ServerConfig, ReadsEveryFlag) {
  const ServerConfig options = options_of({"--port=0",
                                           "--address",
                                           "::",
                                           "--anonymous=on",
                                           "--threads=3",
                                           "--announce-limit=7",
                                           "--max-message-size=1MiB",
                                           "--queue-limit=2048",
                                           "--slow-consumer=drop-oldest",
                                           "--max-connections=9",
                                           "--ping-interval=500ms",
                                           "--handshake-timeout=2m",
                                           "--broker-timeout=700ms",
                                           "--reply-rate=3KiB",
                                           "--address-reply-rate=4KiB",
                                           "--address-delivery-rate=5",
                                           "--address-queue-limit=6KiB",
                                           "--total-queue-limit=0",
                                           "--drain-timeout=0",
                                           "--keep-alive-timeout=10m",
                                           "--log-rate=5",
                                           "--log-level=error",
                                           "--log-format=json",
                                           "--assets=/",
                                           "--io-backend=epoll",
                                           "--compression=on",
                                           "--compression-level=9",
                                           "--compression-threshold=1KiB"});
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.address, "::");
  EXPECT_TRUE(options.anonymous);
  EXPECT_EQ(options.application.threads, 3);
  EXPECT_EQ(options.application.limits.announce_limit, 7);
  EXPECT_EQ(options.application.limits.max_message_size, 1 << 20);
  EXPECT_EQ(options.application.limits.queue_limit, 2048);
  EXPECT_EQ(options.application.limits.slow_consumer, SlowConsumer::drop_oldest);
  EXPECT_EQ(options.application.limits.max_connections, 9);
  EXPECT_EQ(options.application.timeouts.ping_interval, 500ms);
  EXPECT_EQ(options.application.timeouts.handshake_timeout, 2min);
  EXPECT_EQ(options.broker_timeout, 700ms);
  EXPECT_EQ(options.application.limits.reply_rate, 3072);
  EXPECT_EQ(options.application.limits.address_reply_rate, 4096);
  EXPECT_EQ(options.application.limits.address_delivery_rate, 5);
  EXPECT_EQ(options.application.limits.address_queue_limit, 6144);
  EXPECT_EQ(options.application.limits.total_queue_limit, 0);
  EXPECT_EQ(options.application.timeouts.drain_timeout, 0ms);
  EXPECT_EQ(options.application.timeouts.keep_alive_timeout, 10min);
  EXPECT_EQ(options.log_rate, 5);
  EXPECT_EQ(options.log_level, logging::Level::error);
  EXPECT_EQ(options.log_format, logging::Format::json);
  EXPECT_EQ(options.assets, "/");
  EXPECT_EQ(options.application.io_backend, IoBackend::epoll);
  EXPECT_TRUE(options.compression);
  EXPECT_EQ(options.compressed.level, 9);
  EXPECT_EQ(options.compressed.threshold, 1024);
}

TEST(ServerConfig, DisablesAnonymousClientsIfReachable) {
  const Variable secret("COROOM_TOKEN_HMAC_SECRET", "a secret of thirty-two bytes or so, with a comma");
  EXPECT_TRUE(options_of({}).anonymous);
  EXPECT_TRUE(options_of({"--address=::1"}).anonymous);
  EXPECT_TRUE(options_of({"--address=localhost"}).anonymous);
  EXPECT_FALSE(options_of({"--address=chat.example.org"}).anonymous) << "its addresses are unknown";
  EXPECT_FALSE(options_of({"--anonymous=off"}).anonymous);
  EXPECT_FALSE(options_of({"--address=0.0.0.0"}).anonymous);
  EXPECT_TRUE(options_of({"--address=0.0.0.0", "--anonymous=on"}).anonymous);
  EXPECT_FALSE(options_of({"--trust-proxy=127.0.0.1"}).anonymous)
      << "a proxy forwards clients of other hosts";
  EXPECT_TRUE(options_of({"--trust-proxy=127.0.0.1", "--anonymous=on"}).anonymous);
}

TEST(ServerConfig, RejectsAServerThatNoClientCanUse) {
  EXPECT_THAT(error_of({"--address=0.0.0.0"}), HasSubstr("--anonymous on"));
  EXPECT_THAT(error_of({"--anonymous=off"}), HasSubstr("--token-public-key"));
}

TEST(ServerConfig, ReadsPersonalRooms) {
  const ConfigFile file("[rooms.inbox]\nallow_publish_for_subscriber = false\n");
  const ServerConfig usual = options_of({});
  EXPECT_FALSE(usual.centrifuge.personal_rooms);
  EXPECT_EQ(usual.centrifuge.personal_namespace, "");
  EXPECT_FALSE(usual.centrifuge.single_connection);
  const ServerConfig options = options_of({"--config", file.path(), "--personal-channels=on",
                                           "--personal-channel-namespace=inbox", "--single-connection=on"});
  EXPECT_TRUE(options.centrifuge.personal_rooms);
  EXPECT_EQ(options.centrifuge.personal_namespace, "inbox");
  EXPECT_TRUE(options.centrifuge.single_connection);
  EXPECT_EQ(options_of({"--personal-channels=on"}).centrifuge.personal_namespace, "");
}

TEST(ServerConfig, RejectsUselessPersonalNamespaces) {
  const ConfigFile file("[rooms.inbox]\npresence = true\n");
  EXPECT_THAT(error_of({"--config", file.path(), "--personal-channel-namespace=inbox"}),
              HasSubstr("without --personal-channels on"));
  EXPECT_THAT(
      error_of({"--config", file.path(), "--personal-channels=on", "--personal-channel-namespace=box"}),
      testing::AllOf(HasSubstr("'box'"), HasSubstr("[rooms.box]")));
  EXPECT_THAT(error_of({"--personal-channels=on", "--personal-channel-namespace=typing"}),
              HasSubstr("'typing'"))
      << "not in the file";
}

TEST(ServerConfig, RejectsPersonalRoomsOpenToAll) {
  const ConfigFile open("[rooms]\nignore_channel_marks = true\n[rooms.inbox]\npresence = true\n");
  EXPECT_THAT(error_of({"--config", open.path(), "--personal-channels=on"}),
              HasSubstr("ignore_channel_marks"));
  EXPECT_EQ(
      error_of({"--config", open.path(), "--personal-channels=on", "--personal-channel-namespace=inbox"}),
      "no error");
  const ConfigFile closed("[rooms]\nignore_channel_marks = true\nallow_subscribe_for_client = false\n");
  EXPECT_EQ(error_of({"--config", closed.path(), "--personal-channels=on"}), "no error");
}

TEST(ServerConfig, ReadsTokenKeysFromFilesAndEnvironment) {
  const Variable secret("COROOM_TOKEN_HMAC_SECRET", "a secret of thirty-two bytes or so, with a comma");
  const ConfigFile file("another secret of thirty-two bytes");
  const std::string named = std::string("one=") + file.path();
  const ServerConfig options =
      options_of({"--token-hmac-secret-file", file.path(), "--token-hmac-secret-file", named.c_str(),
                  "--token-audience=chat", "--token-issuer=us"});
  ASSERT_EQ(options.tokens.keys.size(), 3);
  EXPECT_EQ(options.tokens.keys[0].material, "another secret of thirty-two bytes");
  EXPECT_EQ(options.tokens.keys[1].id, "one");
  EXPECT_EQ(options.tokens.keys[2].material, "a secret of thirty-two bytes or so, with a comma");
  EXPECT_EQ(options.tokens.audience, "chat");
  EXPECT_EQ(options.tokens.issuer, "us");
  EXPECT_THAT(error_of({"--token-public-key", file.path()}), HasSubstr(file.path()));
  EXPECT_THAT(error_of({"--token-public-key=/nowhere"}), HasSubstr("/nowhere"));
  const std::string weak = error_of({"--token-hmac-secret=weak word"});
  EXPECT_THAT(weak, HasSubstr("32 bytes"));
  EXPECT_THAT(weak, testing::Not(HasSubstr("weak word")));
}

TEST(ServerConfig, AllowsShortSecretsByItsFlag) {
  const ConfigFile file("short-secret");
  EXPECT_THAT(error_of({"--token-hmac-secret-file", file.path()}),
              testing::AllOf(HasSubstr(file.path()), HasSubstr("--token-allow-short-secret")));
  const ServerConfig options = options_of(
      {"--token-hmac-secret-file", file.path(), "--token-hmac-secret=short", "--token-allow-short-secret"});
  ASSERT_EQ(options.tokens.keys.size(), 2);
  EXPECT_EQ(options.tokens.keys[0].material, "short-secret");
  EXPECT_EQ(options.tokens.keys[1].material, "short");
}

TEST(ServerConfig, ReadsKeySets) {
  const ConfigFile file(R"({"keys":[7,)" + test::SigningKey::ed25519().json_web_key("one") + "]}");
  const ServerConfig options = options_of({"--token-jwks-file", file.path(), "--token-user-claim=uid"});
  ASSERT_EQ(options.tokens.keys.size(), 1);
  EXPECT_EQ(options.tokens.keys[0].id, "one");
  EXPECT_EQ(options.skipped_keys, 1);
  EXPECT_EQ(options.tokens.user_claim, "uid");
  const ConfigFile other("nonsense");
  EXPECT_THAT(error_of({"--token-jwks-file", other.path()}),
              testing::AllOf(HasSubstr("--token-jwks-file"), HasSubstr("not JSON")));
  EXPECT_THAT(error_of({"--token-jwks-file="}), HasSubstr("empty"));
}

TEST(ServerConfig, TakesTheUrlOfAKeySet) {
  const ServerConfig options =
      options_of({"--token-jwks-url=https://id.example.org/keys", "--anonymous=off"});
  ASSERT_TRUE(options.jwks_url) << "clients can connect with its tokens";
  EXPECT_EQ(options.jwks_url->host, "id.example.org");
  EXPECT_THAT(error_of({"--token-jwks-url=http://id.example.org/keys"}),
              testing::AllOf(HasSubstr("--token-jwks-url"), HasSubstr("https://")));
  EXPECT_THAT(error_of({"--token-jwks-url="}), HasSubstr("empty"));
}

TEST(ServerConfig, RejectsTheKidOfTheServersOwnKey) {
  const ConfigFile file("a secret of thirty-two bytes or so");
  const std::string named = std::string("guest=") + file.path();
  EXPECT_THAT(error_of({"--token-hmac-secret-file", named.c_str()}), HasSubstr("'guest'"));
}

TEST(ServerConfig, RanksCommandLineEnvironmentAndFile) {
  const ConfigFile file("port = 1\nthreads = 1\nqueue-limit = 1KiB\n");
  const Variable port("COROOM_PORT", "2");
  const Variable threads("COROOM_THREADS", "2");
  const ServerConfig options = options_of({"--port=3", "--config", file.path()});
  EXPECT_EQ(options.port, 3);
  EXPECT_EQ(options.application.threads, 2);
  EXPECT_EQ(options.application.limits.queue_limit, 1024);
}

TEST(ServerConfig, NamesInvalidFlagsAndValues) {
  EXPECT_THAT(error_of({"--prot=1"}), HasSubstr("--prot"));
  EXPECT_THAT(error_of({"--por=1"}), HasSubstr("--por"));
  EXPECT_THAT(error_of({"--port"}), HasSubstr("--port"));
  EXPECT_THAT(error_of({"--port=65536"}), testing::AllOf(HasSubstr("--port"), HasSubstr("65536")));
  EXPECT_THAT(error_of({"--port=-1"}), HasSubstr("-1"));
  EXPECT_THAT(error_of({"stray"}), HasSubstr("'stray'"));
  EXPECT_THAT(error_of({"--address=10.0.0.300"}), HasSubstr("10.0.0.300"));
  EXPECT_THAT(error_of({"--threads=0"}), HasSubstr("--threads"));
  EXPECT_THAT(error_of({"--slow-consumer=wait"}), HasSubstr("close, drop-oldest"));
  EXPECT_THAT(error_of({"--io-backend=kqueue"}), HasSubstr("auto, epoll or io_uring"));
  EXPECT_THAT(error_of({"--compression-level=10"}), HasSubstr("10 is not a level from 1 to 9"));
  EXPECT_THAT(error_of({"--ping-interval=soon"}), HasSubstr("soon"));
  EXPECT_THAT(error_of({"--handshake-timeout=0"}), HasSubstr("--handshake-timeout"));
  EXPECT_THAT(error_of({"--announce-limit=1.5"}), HasSubstr("1.5"));
  EXPECT_THAT(error_of({"--token-leeway=6m"}), HasSubstr("--token-leeway"));
  EXPECT_THAT(error_of({"--max-connections=99999999999999999999"}), HasSubstr("99999999999999999999"));
  EXPECT_THAT(error_of({"--max-message-size=0"}), HasSubstr("--max-message-size"));
  EXPECT_THAT(error_of({"--allow-origin=here"}), HasSubstr("--allow-origin: 'here'"));
  EXPECT_THAT(error_of({"--allow-origin=https://*.example.org/chat"}),
              HasSubstr("--allow-origin: 'https://*.example.org/chat'"));
  EXPECT_THAT(error_of({"--trust-proxy=there"}), HasSubstr("--trust-proxy: 'there'"));
  EXPECT_THAT(error_of({"--assets=/nowhere"}), HasSubstr("/nowhere"));
  EXPECT_THAT(error_of({"--config=/nowhere.conf"}), HasSubstr("/nowhere.conf"));
}

TEST(ServerConfig, NamesTheSourceOfAWrongValue) {
  {
    const Variable port("COROOM_PORT", "x");
    EXPECT_THAT(error_of({}), testing::AllOf(HasSubstr("in the environment"), HasSubstr("--port: 'x'")));
    EXPECT_EQ(options_of({"--port=5"}).port, 5) << "an overridden value is not parsed";
  }
  const ConfigFile value("threads = many\n");
  EXPECT_THAT(error_of({"--config", value.path()}),
              testing::AllOf(HasSubstr(value.path()), HasSubstr("many")));
  const ConfigFile name("speed = 9\n");
  EXPECT_THAT(error_of({"--config", name.path()}),
              testing::AllOf(HasSubstr(name.path()), HasSubstr("speed")));
  const ConfigFile line("what is this\n");
  EXPECT_THAT(error_of({"--config", line.path()}),
              testing::AllOf(HasSubstr(line.path()), HasSubstr("'what'")));
}

TEST(ServerConfig, RejectsEmptyValuesOutsideTheEnvironment) {
  for (const char* name :
       {"token-issuer", "token-audience", "token-hmac-secret", "token-hmac-secret-file", "token-public-key",
        "personal-channel-namespace", "metrics-token", "tls-cert", "tls-key", "data", "config"}) {
    EXPECT_THAT(error_of({(std::string("--") + name + "=").c_str()}), HasSubstr(name));
    const Variable variable(("COROOM_" + upper(name)).c_str(), "");
    EXPECT_EQ(error_of({}), "no error") << name;
  }
}

TEST(ServerConfig, ChecksPathsAndSecrets) {
  const Variable secret("COROOM_TOKEN_HMAC_SECRET", "a secret of thirty-two bytes or so\n");
  EXPECT_EQ(options_of({}).tokens.keys.front().material, "a secret of thirty-two bytes or so");
  const Variable token("COROOM_METRICS_TOKEN", "m3tr1cs\r\n");
  EXPECT_EQ(options_of({}).metrics_token, "m3tr1cs");
  for (const char* flag : {"--data", "--assets", "--config", "--tls-cert", "--token-public-key"})
    EXPECT_THAT(error_of({flag, "~/there"}), testing::AllOf(HasSubstr(flag), HasSubstr("~/there")));
  EXPECT_THAT(error_of({"--token-hmac-secret-file", "one=~/there"}), HasSubstr("~/there"));
  const ConfigFile rooms("[rooms]\nhistory_size = \"7\"\n");
  EXPECT_THAT(error_of({"--config", rooms.path()}), HasSubstr("rooms.history_size: '\"7\"'"));
}

TEST(ServerConfig, ShowsFlagsAndDefaultsInHelp) {
  const auto command = parse({"--help"});
  ASSERT_TRUE(command);
  const std::string& help = std::get<Notice>(*command).text;
  for (const char* flag :
       {"--port NUMBER (=8000)", "--queue-limit BYTES (=1MiB)", "--ping-interval TIME (=25s)"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
}

TEST(ServerConfig, ParsesByteUnits) {
  EXPECT_EQ(parse_bytes("64KiB"), std::size_t{64} << 10);
  EXPECT_EQ(parse_bytes("2GiB"), std::size_t{2} << 30);
  EXPECT_FALSE(parse_bytes("64 KiB"));
  EXPECT_FALSE(parse_bytes("KiB"));
  EXPECT_FALSE(parse_bytes("99999999999GiB")) << "too large to count";
}

TEST(ServerConfig, FormatsBytesWithTheLargestUnit) {
  EXPECT_EQ(format_bytes(0), "0");
  EXPECT_EQ(format_bytes(64), "64");
  EXPECT_EQ(format_bytes(1500), "1500");
  EXPECT_EQ(format_bytes(65536), "64KiB");
  EXPECT_EQ(format_bytes(std::size_t{256} << 20), "256MiB");
  EXPECT_EQ(format_bytes(std::size_t{2} << 30), "2GiB");
}

TEST(ServerConfig, ShowsItsMembersAsDefaults) {
  const ServerConfig written;
  const auto command = parse({"--help"});
  ASSERT_TRUE(command);
  const std::string& help = std::get<Notice>(*command).text;
  EXPECT_THAT(
      help,
      HasSubstr("--byte-rate BYTES (=" + format_bytes(written.application.limits.rate_limit.bytes) + ")"));
  EXPECT_THAT(help, HasSubstr("--max-subscriptions NUMBER (=" +
                              std::to_string(written.centrifuge.max_subscriptions) + ")"));
  EXPECT_THAT(help, HasSubstr("--slow-consumer POLICY (=close)"));
  EXPECT_THAT(help, HasSubstr("--address HOST (=" + written.address + ")"));
}

}  // namespace
}  // namespace coroom::server
