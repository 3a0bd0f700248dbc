#include "server/options.hpp"

#include "http/trusted_proxies.hpp"
#include "server/units.hpp"

#include <coroom/assets.hpp>
#include <coroom/version.hpp>

#include <boost/program_options.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

namespace coroom::server {
namespace {

namespace po = boost::program_options;

constexpr unsigned help_width = 100;
constexpr std::string_view environment_prefix = "COROOM_";

/// Values that one flag can have, by name.
template <class Value>
using Names = std::vector<std::pair<std::string_view, Value>>;

/// Reads the values of flags into Options, one after the other, and keeps the first complaint.
class Reader {
 public:
  explicit Reader(const po::variables_map& values) : values_(values) {}

  template <class Value, class Parse>
  void read(const char* flag, Value& into, Parse parse) {
    if (error_ || values_.count(flag) == 0) return;
    auto parsed = parse(values_[flag].as<std::string>());
    if (parsed) {
      into = static_cast<Value>(std::move(*parsed));
    } else {
      error_ = Error("--" + std::string(flag) + ": " + parsed.error().message);
    }
  }

  template <class Value>
  void read_name(const char* flag, Value& into, const Names<Value>& names) {
    read(flag, into, [&](const std::string& text) -> Result<Value> {
      const auto found = std::ranges::find(names, text, &Names<Value>::value_type::first);
      if (found != names.end()) return found->second;
      std::string expected;
      for (const auto& [name, value] : names) expected.append(expected.empty() ? "" : ", ").append(name);
      return failure("'" + text + "' is none of " + expected);
    });
  }

  /// A flag that may stand several times.
  template <class Value, class Parse>
  void read_list(const char* flag, Value& into, Parse parse) {
    if (error_ || values_.count(flag) == 0) return;
    auto parsed = parse(values_[flag].as<std::vector<std::string>>());
    if (parsed) {
      into = std::move(*parsed);
    } else {
      error_ = Error("--" + std::string(flag) + ": " + parsed.error().message);
    }
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const po::variables_map& values_;
  std::optional<Error> error_;
};

auto text(const char* name) {
  return po::value<std::string>()->value_name(name);
}
auto text(const char* name, const char* fallback) {
  return text(name)->default_value(fallback);
}
auto list(const char* name) {
  return po::value<std::vector<std::string>>()->value_name(name);
}

po::options_description describe() {
  po::options_description general("General", help_width);
  general.add_options()                          //
      ("help", "print this and exit")            //
      ("version", "print the version and exit")  //
      ("config", text("FILE"), "read flags from FILE too, a line each: port = 8000");
  po::options_description network("Network", help_width);
  network.add_options()                                                                    //
      ("port", text("NUMBER", "8000"), "TCP port; 0 picks a free one and prints it")       //
      ("address", text("IP", "127.0.0.1"), "address to listen on; 0.0.0.0 or :: for all")  //
      ("threads", text("NUMBER"),
       "shards, each a thread with connections and rooms of its own (default: cores)")  //
      ("trust-proxy", list("CIDR"),
       "take a client's address from X-Forwarded-For or X-Real-IP when its peer is in CIDR; repeatable");
  po::options_description chat("Chat", help_width);
  chat.add_options()  //
      ("allow-origin", list("ORIGIN"),
       "pages that may connect, such as https://example.org; * for all; repeatable (default: same host and "
       "port)")                                                                             //
      ("assets", text("DIR"), "serve the files of DIR in place of the page in the binary")  //
      ("announce-limit", text("MEMBERS", "1000"),
       "a room with more members no longer announces who enters and leaves; 0 never announces");
  po::options_description limits("Limits", help_width);
  limits.add_options()                                                                                      //
      ("max-message-size", text("BYTES", "64KiB"), "of one message; a longer one closes with 1009")         //
      ("queue-limit", text("BYTES", "1MiB"), "waiting for one session; beyond it the reader is slow")       //
      ("slow-consumer", text("POLICY", "close"), "close: with code 3008; drop-oldest: it misses messages")  //
      ("max-connections", text("NUMBER", "0"), "beyond it, 503; 0: as many as file descriptors allow");
  po::options_description times("Times (such as 25s, 500ms, 2m)", help_width);
  times.add_options()  //
      ("ping-interval", text("TIME", "25s"),
       "of silence before a ping; as long again without an answer ends the connection; 0 never pings")  //
      ("handshake-timeout", text("TIME", "10s"), "for a request, an upgrade, a closing handshake")      //
      ("drain-timeout", text("TIME", "10s"), "for connections to finish at shutdown");
  po::options_description logging("Log (to standard error)", help_width);
  logging.add_options()                                                         //
      ("log-level", text("LEVEL", "info"), "debug, info, warning, error, off")  //
      ("log-format", text("FORMAT", "text"), "text, or json: an object a line");

  po::options_description all;
  all.add(general).add(network).add(chat).add(limits).add(times).add(logging);
  return all;
}

std::string help_text(const po::options_description& flags) {
  std::ostringstream out;
  out << "coroom " COROOM_VERSION
         ": rooms over WebSocket, in one binary\n\n"
         "Usage: coroom [flags]\n\n"
         "Every flag may also stand in the environment (COROOM_PORT for --port) or in the file of\n"
         "--config; the command line wins over the environment, and that over the file.\n"
      << flags << "\nAddresses served: / (the chat page), /chat?room=NAME (WebSocket, plain text).\n";
  return out.str();
}

Result<> store_command_line(std::span<const char* const> arguments, const po::options_description& flags,
                            po::variables_map& values) {
  using namespace po::command_line_style;
  const int style = unix_style & ~allow_guessing;  // a flag that is half written may be another one tomorrow
  po::options_description with_rest;
  with_rest.add(flags).add_options()("unexpected", po::value<std::vector<std::string>>());
  po::positional_options_description rest;
  rest.add("unexpected", -1);
  try {
    const int count = static_cast<int>(arguments.size());
    po::store(po::command_line_parser(count, arguments.data())
                  .options(with_rest)
                  .positional(rest)
                  .style(style)
                  .run(),
              values);
  } catch (const po::error& error) {
    return failure(error.what());
  }
  if (values.count("unexpected") != 0) {
    return failure("unexpected argument '" + values["unexpected"].as<std::vector<std::string>>().front() +
                   "'");
  }
  return {};
}

Result<> store_environment(const po::options_description& flags, po::variables_map& values) {
  const auto flag_of = [&](const std::string& name) -> std::string {
    if (!name.starts_with(environment_prefix)) return "";
    std::string flag = name.substr(environment_prefix.size());
    std::ranges::transform(flag, flag.begin(), [](unsigned char letter) {
      return letter == '_' ? '-' : static_cast<char>(std::tolower(letter));
    });
    const bool known = flags.find_nothrow(flag, false) != nullptr && flag != "help" && flag != "version";
    return known ? flag : "";  // others may keep variables of such names for purposes of their own
  };
  try {
    po::store(po::parse_environment(flags, flag_of), values);
  } catch (const po::error& error) {
    return failure(error.what());
  }
  return {};
}

Result<> store_config(const std::string& path, const po::options_description& flags,
                      po::variables_map& values) {
  std::ifstream file(path);
  if (!file) return failure("the file cannot be read");
  try {
    po::store(po::parse_config_file(file, flags), values);
  } catch (const po::error& error) {
    return failure(error.what());
  }
  return {};
}

Result<boost::asio::ip::address> parse_address(const std::string& value) {
  boost::system::error_code ec;
  auto address = boost::asio::ip::make_address(value == "localhost" ? "127.0.0.1" : value, ec);
  if (ec) return failure("'" + value + "' is not an IP address");
  return address;
}

Result<std::size_t> parse_port(std::string_view value) {
  auto port = parse_count(value);
  if (port && *port <= std::numeric_limits<std::uint16_t>::max()) return port;
  return failure("'" + std::string(value) + "' is not a port from 0 to 65535");
}

Result<std::size_t> parse_threads(std::string_view value) {
  constexpr std::size_t most = 1024;
  auto threads = parse_count(value);
  if (threads && *threads >= 1 && *threads <= most) return threads;
  return failure("'" + std::string(value) + "' is not a number of threads from 1 to 1024");
}

/// For limits that would let nothing through if they were 0.
Result<std::size_t> parse_some_bytes(std::string_view value) {
  auto bytes = parse_bytes(value);
  if (bytes && *bytes == 0) return failure("must be more than 0");
  return bytes;
}

Result<std::chrono::milliseconds> parse_some_time(std::string_view value) {
  auto time = parse_duration(value);
  if (time && time->count() == 0) return failure("must be more than 0");
  return time;
}

Result<Options> read(const po::variables_map& values) {
  Options options;
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  Reader reader(values);
  reader.read("address", options.address, parse_address);
  reader.read("port", options.port, parse_port);
  reader.read("threads", options.threads, parse_threads);
  reader.read_list("trust-proxy", options.trusted_proxies,
                   [](const std::vector<std::string>& networks) -> Result<std::vector<std::string>> {
                     auto parsed = http::TrustedProxies::make(networks);
                     if (!parsed) return tl::unexpected(parsed.error());
                     return networks;
                   });
  reader.read_list("allow-origin", options.allowed_origins, auth::OriginPolicy::make);
  reader.read("assets", options.assets, FolderAssets::check);
  reader.read("announce-limit", options.announce_limit, parse_count);
  reader.read("max-message-size", options.max_message_size, parse_some_bytes);
  reader.read("queue-limit", options.queue_limit, parse_some_bytes);
  reader.read_name<SlowConsumer>(
      "slow-consumer", options.slow_consumer,
      {{"close", SlowConsumer::close}, {"drop-oldest", SlowConsumer::drop_oldest}});
  reader.read("max-connections", options.max_connections, parse_count);
  reader.read("ping-interval", options.ping_interval, parse_duration);
  reader.read("handshake-timeout", options.handshake_timeout, parse_some_time);
  reader.read("drain-timeout", options.drain_timeout, parse_duration);
  reader.read_name<log::Level>("log-level", options.log_level,
                               {{"debug", log::Level::debug},
                                {"info", log::Level::info},
                                {"warning", log::Level::warning},
                                {"error", log::Level::error},
                                {"off", log::Level::off}});
  reader.read_name<log::Format>("log-format", options.log_format,
                                {{"text", log::Format::text}, {"json", log::Format::json}});
  if (reader.error()) return tl::unexpected<Error>(*reader.error());
  return options;
}

}  // namespace

Result<Command> parse_options(std::span<const char* const> arguments) {
  const po::options_description flags = describe();
  po::variables_map values;
  // Values are read after every source, so that a wrong one is blamed on the source that it came from.
  auto options = store_command_line(arguments, flags, values).and_then([&] { return read(values); });
  if (!options) return tl::unexpected(options.error());
  if (values.count("help") != 0) return Notice{help_text(flags)};
  if (values.count("version") != 0) return Notice{"coroom " COROOM_VERSION "\n"};

  options = store_environment(flags, values).and_then([&] { return read(values); });
  if (!options) return failure("in the environment: " + options.error().message);
  if (values.count("config") != 0) {
    const auto& path = values["config"].as<std::string>();
    options = store_config(path, flags, values).and_then([&] { return read(values); });
    if (!options) return failure("in " + path + ": " + options.error().message);
  }
  return std::move(*options);
}

}  // namespace coroom::server
