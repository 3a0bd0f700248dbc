#include "load/dialect.hpp"
#include "load/echo.hpp"
#include "load/fanout.hpp"
#include "load/idle.hpp"
#include "load/latency.hpp"
#include "load/measure.hpp"
#include "load/newcomers.hpp"
#include "load/publish.hpp"
#include "load/rooms.hpp"
#include "load/storm.hpp"
#include "load/subscribers.hpp"

#include <boost/json/serialize.hpp>
#include <boost/program_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace coroom::bench {
namespace {

namespace po = boost::program_options;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

/// The command line. A mode ignores the flags that it does not use.
struct Flags {
  std::string mode;
  std::string url;
  std::string protocol;
  pid_t server = 0;
  std::size_t members = 0;
  std::size_t senders = 0;
  std::size_t stopped = 0;
  std::size_t connections = 0;
  std::size_t publishers = 0;
  std::size_t subscribers = 0;
  std::size_t history = 0;
  std::size_t filters = 0;
  std::size_t missed = 0;
  std::size_t rooms = 0;
  std::size_t in_flight = 0;
  std::size_t bytes = 0;
  double rate = 0;
  double seconds = 0;
  double warm_up = 0;
  bool bursts = false;
  bool browser = false;
  std::string token;
  bool server_side = false;
};

po::options_description describe(Flags& flags) {
  po::options_description common("coroom-load MODE [flags]");
  common.add_options()                      //
      ("help", "print this help and exit")  //
      ("mode", po::value(&flags.mode)->required(),
       "fanout, latency, idle, connect, subscribe, rooms, echo, publish or storm")     //
      ("url", po::value(&flags.url)->required(), "ws://ADDRESS:PORT/PATH, or wss://")  //
      ("pid", po::value(&flags.server)->required(), "process ID of the server")        //
      ("in-flight", po::value(&flags.in_flight)->default_value(16),
       "messages in flight: in total for fanout and storm, per connection for echo, rooms and publish; for "
       "connect and subscribe: connections at a time")                                                      //
      ("bytes", po::value(&flags.bytes)->default_value(64), "size of a message")                            //
      ("seconds", po::value(&flags.seconds)->default_value(5), "duration of the measurement")               //
      ("warmup", po::value(&flags.warm_up)->default_value(1), "seconds of warm-up before the measurement")  //
      ("json", "print one JSON object");
  po::options_description room("fanout, latency and storm: one room, in which some members publish");
  room.add_options()                                                                                   //
      ("receivers", po::value(&flags.members)->default_value(1000), "members, including the senders")  //
      ("protocol", po::value(&flags.protocol)->default_value("plain"),
       "fanout, latency, idle: plain, or centrifuge with the path /connection/websocket; fanout, latency: "
       "centrifuge-protobuf; fanout: centrifuge-mixed, where every second member uses Protobuf")  //
      ("filters", po::value(&flags.filters)->default_value(0),
       "with a centrifuge protocol: distinct tag filters, each of which matches every message; 0: none")  //
      ("senders", po::value(&flags.senders)->default_value(16), "fanout, storm: members that publish")    //
      ("bursts", po::bool_switch(&flags.bursts),
       "fanout: send the next messages all at once, when all are delivered")                                //
      ("rate", po::value(&flags.rate)->default_value(50), "latency: messages per second, in an open loop")  //
      ("stopped", po::value(&flags.stopped)->default_value(0), "latency: members that read nothing");
  po::options_description others("idle, connect, rooms, echo, publish");
  others.add_options()  //
      ("connections", po::value(&flags.connections)->default_value(100),
       "connections, each of which may publish")  //
      ("browser", po::bool_switch(&flags.browser),
       "upgrade with the header fields of a browser and a cookie")  //
      ("rooms", po::value(&flags.rooms)->default_value(100'000),
       "rooms: number of joins and of leaves; publish: rooms for all publishers; subscribe: rooms of each "
       "connection")  //
      ("publishers", po::value(&flags.publishers)->default_value(64),
       "publish: publishers, each with a connection");
  po::options_description subscribe("subscribe: clients that connect, get --rooms subscriptions and leave");
  subscribe.add_options()                                             //
      ("token", po::value(&flags.token), "token of each connection")  //
      ("server-side", po::bool_switch(&flags.server_side),
       "the server makes the subscriptions, by the claim channels of the token: bench-0, bench-1 and so on");
  po::options_description storm(
      "storm: a second room, whose subscribers lose their connections and come back");
  storm.add_options()                                                                                    //
      ("subscribers", po::value(&flags.subscribers)->default_value(5000), "subscribers that come back")  //
      ("history", po::value(&flags.history)->default_value(300),
       "publications in that room before the loss")  //
      ("missed", po::value(&flags.missed)->default_value(100), "publications while the subscribers are away");
  common.add(room).add(others).add(subscribe).add(storm);
  return common;
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(seconds * 1000));
}

/// Each connection needs a file descriptor.
void raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Dialect dialect(const Flags& flags) {
  if (flags.protocol == "plain") return Dialect::plain();
  const bool protobuf = flags.protocol == "centrifuge-protobuf";
  const auto encoded = protobuf ? Dialect::centrifuge_protobuf("bench") : Dialect::centrifuge("bench");
  return encoded.with_filters(flags.filters);
}

/// Returns the dialects that the members of fanout speak in turn.
std::vector<Dialect> dialects(const Flags& flags) {
  if (flags.protocol != "centrifuge-mixed") return {dialect(flags)};
  return {Dialect::centrifuge("bench").with_filters(flags.filters),
          Dialect::centrifuge_protobuf("bench").with_filters(flags.filters)};
}

using Mode = Result<Figures> (*)(const Flags& flags, const LoadTarget& target, const Times& times);

const std::map<std::string, Mode> modes{
    {"fanout",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_fanout({target, dialects(flags), flags.members, flags.senders, flags.in_flight,
                          flags.bursts, flags.bytes, times, flags.server});
     }},
    {"latency",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_latency({target, dialect(flags), flags.members, flags.stopped, flags.rate, flags.bytes,
                           times, flags.server});
     }},
    {"idle",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_idle({target, dialect(flags), flags.connections, times.window, flags.server});
     }},
    {"connect",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_newcomers({target, flags.in_flight, flags.bytes, times, flags.server});
     }},
    {"subscribe",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       using Side = SubscribersSettings::Side;
       return run_subscribers({target, flags.token, flags.server_side ? Side::server : Side::client,
                               flags.rooms, flags.in_flight, times, flags.server});
     }},
    {"rooms",
     [](const Flags& flags, const LoadTarget& target, const Times& /*times*/) {
       return run_rooms({target, flags.connections, flags.rooms, flags.in_flight, flags.server});
     }},
    {"echo",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_echo({target, flags.connections, flags.in_flight, flags.bytes, times, flags.server});
     }},
    {"publish",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_publish({target, flags.publishers, std::min(flags.rooms, flags.publishers), flags.in_flight,
                           flags.bytes, times, flags.server});
     }},
    {"storm",
     [](const Flags& flags, const LoadTarget& target, const Times& times) {
       return run_storm({target, flags.subscribers, flags.history, flags.missed, flags.members, flags.senders,
                         flags.in_flight, flags.bytes, times, flags.server});
     }},
};

Result<LoadTarget> check(const Flags& flags) {
  if (!modes.contains(flags.mode)) return failure("unknown mode '" + flags.mode + "'");
  if (flags.senders == 0 || flags.senders > flags.members || flags.stopped >= flags.members) {
    return failure("--senders must be from 1 to --receivers, and --stopped less than --receivers");
  }
  if (flags.connections == 0 || flags.in_flight == 0 || flags.in_flight > 0xffff || !(flags.rate > 0)) {
    return failure("--connections and --rate must be greater than 0, and --in-flight from 1 to 65535");
  }
  if (const std::set<std::string> known{"plain", "centrifuge", "centrifuge-protobuf", "centrifuge-mixed"};
      !known.contains(flags.protocol) || (flags.protocol == "centrifuge-mixed" && flags.mode != "fanout") ||
      (flags.protocol == "centrifuge-protobuf" && flags.mode == "idle")) {
    return failure("the mode has no protocol '" + flags.protocol + "'");
  }
  if (flags.publishers == 0 || flags.rooms == 0 || flags.subscribers == 0) {
    return failure("--publishers, --rooms and --subscribers must be greater than 0");
  }
  auto target = parse_target(flags.url);
  if (target && flags.browser) target->fields = testkit::HandshakeFields::browser;
  return target;
}

int run(int argc, const char* const* argv) {
  Flags flags;
  const auto known = describe(flags);
  po::positional_options_description positions;
  positions.add("mode", 1);
  po::variables_map values;
  po::store(po::command_line_parser(argc, argv).options(known).positional(positions).run(), values);
  if (values.count("help") != 0) {
    std::cout << known;
    return EXIT_SUCCESS;
  }
  po::notify(values);
  const auto target = check(flags);
  if (!target) {
    std::cerr << "coroom-load: " << target.error().message << '\n';
    return exit_usage;
  }

  raise_file_limit();
  const auto figures =
      modes.at(flags.mode)(flags, *target, {milliseconds(flags.warm_up), milliseconds(flags.seconds)});
  if (!figures) {
    std::cerr << "coroom-load: " << figures.error().message << '\n';
    return exit_failed;
  }
  if (values.count("json") != 0) {
    std::cout << boost::json::serialize(*figures) << '\n';
    return EXIT_SUCCESS;
  }
  for (const auto& [name, value] : *figures) {
    std::cout << std::string(name) << ' ' << value.to_number<double>() << '\n';
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace coroom::bench

int main(int argc, char** argv) {
  try {
    return coroom::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "coroom-load: " << error.what() << " (see --help)\n";
    return coroom::bench::exit_usage;
  }
}
